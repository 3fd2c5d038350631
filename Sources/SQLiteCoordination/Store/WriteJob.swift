import Coordination
import Dispatch
import Synchronization

/// A piece of work that is committed as a whole.
protocol WriteJob: Sendable {
  /// Called on the writer's thread. Undone when it throws.
  func perform(in transaction: inout WriteTransaction) throws
  /// Called once, when the work is on disk, or has failed.
  func finish(_ failure: (any Error)?)
}

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

/// Work that a thread waits for.
final class BlockingJob: WriteJob {
  private let job: any WriteJob
  private let failure = Mutex<(any Error)?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(_ job: any WriteJob) {
    self.job = job
  }

  func perform(in transaction: inout WriteTransaction) throws {
    try job.perform(in: &transaction)
  }

  func finish(_ failure: (any Error)?) {
    job.finish(failure)
    self.failure.withLock { $0 = failure }
    done.signal()
  }

  func wait() throws {
    done.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
