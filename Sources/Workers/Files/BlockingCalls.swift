import Coordination
import Dispatch
import LocalThreads

/// Where calls that wait for a disk are made, so that they never hold up the threads that asynchronous code runs on.
enum BlockingCalls {
  private static let queue = DispatchQueue(label: "workers.files", attributes: .concurrent)

  /// Runs to its end also when the task is cancelled: what was begun on disk is finished.
  static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: work)) }
    }
  }

  /// The same for calls that look at a few names, or change them, and wait for no disk.
  static func runBriefly<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    StoreThreads.isCurrent ? try work() : try await run(work)
  }
}
