import Synchronization

/// Work of which a bounded number is under way at a time.
enum Lanes {
  private final class Turn: Sendable {
    let last = Atomic(-1)
  }

  /// Does something `count` times.
  ///
  /// - Parameter body: gets the number of the lane, in which nothing else is under way, and of the turn, counted from 0.
  static func run<Result: Sendable>(
    _ count: Int, lanes: Int, _ body: @escaping @Sendable (_ lane: Int, _ turn: Int) async throws -> Result
  ) async throws -> [Result] {
    let turn = Turn()
    return try await withThrowingTaskGroup(of: [Result].self) { group in
      for lane in 0..<min(lanes, count) {
        group.addTask {
          var results: [Result] = []
          while true {
            let next = turn.last.add(1, ordering: .relaxed).newValue
            guard next < count else { return results }
            results.append(try await body(lane, next))
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}
