/// What did not come in time.
struct DeadlineExceeded: Error {}

extension Clock where Duration == Swift.Duration {
  /// Runs `operation`, cancelling it when it takes longer than `limit`.
  ///
  /// - Throws: ``DeadlineExceeded``; what `operation` throws.
  func withDeadline<Value: Sendable>(
    _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await operation() }
      group.addTask {
        try await sleep(for: limit)
        throw DeadlineExceeded()
      }
      guard let first = try await group.next() else { throw DeadlineExceeded() }
      return first
    }
  }
}
