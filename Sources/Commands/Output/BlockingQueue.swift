import Dispatch

/// Calls that may block, one after the other and away from the threads that run asynchronous code.
enum BlockingQueue {
  private static let queue = DispatchQueue(label: "distci.blocking")

  static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: work)) }
    }
  }
}
