import Dispatch

/// Where calls that wait for a disk are made, so that they never hold up the threads that asynchronous code runs on.
enum BlockingCalls {
  private static let queue = DispatchQueue(label: "workers.files", attributes: .concurrent)

  /// Runs to its end also when the task is cancelled: what was begun on disk is finished.
  static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: work)) }
    }
  }
}
