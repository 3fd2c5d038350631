import Testing

@testable import RadosObjectStorage

@Suite("An operation that is under way") struct PendingOperationTests {
  private final class Memory: Sendable {}

  @Test("lets its waiter go at once when it is cancelled, and keeps its memory for the callback")
  func cancelled() async throws {
    let flights = Flights()
    #expect(flights.begin())
    weak var memory: Memory?
    let (submitted, submission) = AsyncStream<Void>.makeStream()
    let pending = makePending(&memory, flights)
    let waiter = Task {
      unsafe try await pending().wait { _ in
        submission.finish()
        return 0
      }
    }
    for await _ in submitted {}
    pending().cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
    #expect(memory != nil)
  }

  @Test("is over at once when librados does not take it, and its memory is let go of")
  func refused() async throws {
    let flights = Flights()
    #expect(flights.begin())
    weak var memory: Memory?
    do {
      let kept = Memory()
      memory = kept
      let pending = PendingOperation(keeping: kept, of: flights)
      #expect(unsafe try await pending.wait { _ in -5 } == -5)
    }
    #expect(memory == nil)
    await flights.drain()
    #expect(!flights.begin())
  }

  @Test("is not submitted when it was cancelled before")
  func cancelledBefore() async throws {
    let flights = Flights()
    #expect(flights.begin())
    let pending = PendingOperation(keeping: 0, of: flights)
    pending.cancel()
    await #expect(throws: CancellationError.self) {
      unsafe try await pending.wait { _ in
        Issue.record("submitted")
        return 0
      }
    }
  }

  private func makePending(_ memory: inout Memory?, _ flights: Flights) -> @Sendable () -> PendingOperation {
    let kept = Memory()
    memory = kept
    let pending = PendingOperation(keeping: kept, of: flights)
    return { pending }
  }
}
