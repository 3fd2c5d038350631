import Synchronization
import Testing
import Workers

@Suite("Work that can be stopped") struct WorkStopTests {
  @Test("begins at once, and is heard of when it is done") func done() async throws {
    #expect(try await WorkStop().performing { 7 }.get() == 7)
  }

  @Test("does not begin when it is to stop already") func stoppedBefore() async {
    let stop = WorkStop()
    let hasBegun = Mutex(false)
    stop.stop(.cancelled(by: "ada"))
    let result = await stop.performing { hasBegun.withLock { $0 = true } }
    #expect(throws: CancellationError.self) { try result.get() }
    #expect(!hasBegun.withLock { $0 })
  }

  @Test("is cancelled when it is to stop, also while nobody listens for that yet") func stoppedWithin() async throws {
    let stop = WorkStop()
    let wasCancelled = try await stop.performing {
      stop.stop(.lost)
      // Nothing else ends this.
      let (stream, feed) = AsyncStream.makeStream(of: Void.self)
      for await _ in stream {}
      feed.finish()
      return Task.isCancelled
    }.get()
    #expect(wasCancelled)
  }
}
