/// A value that arrives once, for one waiter. The first to give it wins; later ones are ignored.
final class Reply<Value: Sendable>: @unchecked Sendable {
  private var result: Result<Value, any Error>?
  private var waiter: CheckedContinuation<Value, any Error>?

  func give(_ result: Result<Value, any Error>) {
    guard self.result == nil else { return }
    self.result = result
    waiter?.resume(with: result)
    waiter = nil
  }

  /// Waits for the value.
  func value() async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      if let result { continuation.resume(with: result) } else { waiter = continuation }
    }
  }

  /// Waits for the value, or until the task is cancelled.
  func valueUnlessCancelled() async throws -> Value {
    try await withTaskCancellationHandler {
      try await value()
    } onCancel: {
      give(.failure(CancellationError()))
    }
  }
}
