import Synchronization

/// Work that a task waits for.
final class ContinuationJob<Result: Sendable>: WriteJob {
  private let body: @Sendable (inout WriteTransaction) throws -> Result
  private let continuation: CheckedContinuation<Result, any Error>
  private let result = Mutex<Result?>(nil)

  init(
    body: @escaping @Sendable (inout WriteTransaction) throws -> Result,
    continuation: CheckedContinuation<Result, any Error>
  ) {
    self.body = body
    self.continuation = continuation
  }

  func perform(in transaction: inout WriteTransaction) throws {
    let value = try body(&transaction)
    result.withLock { $0 = value }
  }

  func finish(_ failure: (any Error)?) {
    if let failure { return continuation.resume(throwing: failure) }
    guard let value = result.withLock({ $0 }) else { preconditionFailure("a job finished that was not performed") }
    continuation.resume(returning: value)
  }
}
