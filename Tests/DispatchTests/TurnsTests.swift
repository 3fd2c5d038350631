import Model
import SharedRepository
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TurnsTests {
  @Test("Only so many wait for the turn of a job; one more is told to come back")
  func bounded() async throws {
    let (turns, jobs) = (Turns(), Set([try JobName("foo")]))
    let (isHeld, hold) = AsyncStream.makeStream(of: Void.self)
    let (isOver, end) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await turns.withTurn(of: jobs) {
          hold.yield()
          for await _ in isOver { break }
          return true
        }
      }
      for await _ in isHeld { break }
      for _ in 0..<Turns.mostWaiting {
        try turns.checkRoom(for: jobs)
        group.addTask { try await turns.withTurn(of: jobs) { true } }
      }
      // All of them wait in the end; none can have its turn yet.
      while (try? turns.checkRoom(for: jobs)) != nil { await Task.yield() }
      #expect(throws: RepositoryError.self) { try turns.checkRoom(for: jobs) }
      try turns.checkRoom(for: [try JobName("bar")])
      end.yield()
      var taken = 0
      for try await wasTaken in group where wasTaken { taken += 1 }
      #expect(taken == Turns.mostWaiting + 1)
    }
    try turns.checkRoom(for: jobs)
    #expect(try await turns.withTurn(of: jobs) { true })
  }
}
