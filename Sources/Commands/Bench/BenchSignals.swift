import UnixSignals

/// Has what was begun cleaned up when the user ends a bench.
enum BenchSignals {
  /// Runs `body`, and cancels it at SIGINT or SIGTERM.
  ///
  /// - Throws: `CancellationError` then.
  static func cancelling<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask { try await body() }
      group.addTask {
        for await _ in signals { break }
        throw CancellationError()
      }
      guard let first = try await group.next() else { throw CancellationError() }
      group.cancelAll()
      return first
    }
  }
}
