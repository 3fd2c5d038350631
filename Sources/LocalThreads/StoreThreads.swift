import Dispatch
import Synchronization

/// Threads for asynchronous code that reads the stores of its own machine a lot: what waits for a few microseconds there may
/// be called directly, where the threads that Swift itself provides must never wait. Going to another thread and back costs
/// several times more than such a read.
///
/// Code comes onto them by `withTaskExecutorPreference`, and stays on them in child tasks; elsewhere all works the same,
/// with more turns between threads.
package final class StoreThreads: TaskExecutor {
  package static let shared = StoreThreads()

  private static let mark = DispatchSpecificKey<Bool>()
  private let queue = DispatchQueue(label: "store-threads", attributes: .concurrent)
  /// Jobs that run or wait for a thread.
  private let jobs = Atomic(0)

  private init() { queue.setSpecific(key: Self.mark, value: true) }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.add(1, ordering: .relaxed)
    queue.async {
      unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
      self.jobs.subtract(1, ordering: .relaxed)
    }
  }

  /// Whether the caller may wait for some microseconds.
  package static var isCurrent: Bool { DispatchQueue.getSpecific(key: mark) == true }

  /// Whether the caller may wait for a disk: nobody else wants a thread.
  package static var isQuiet: Bool { isCurrent && shared.jobs.load(ordering: .relaxed) <= 1 }

  /// A task that runs on the caller's thread up to the first thing that it must wait for. So what can be had at once is had
  /// without a turn to another thread, and what is far away is waited for together with something else.
  package static func immediate<Success: Sendable>(
    _ operation: sending @escaping @isolated(any) () async throws -> Success
  ) -> Task<Success, any Error> {
    Task.immediate(executorPreference: isCurrent ? shared : nil, operation: operation)
  }

  /// The same for one that does not fail.
  package static func immediate<Success: Sendable>(
    _ operation: sending @escaping @isolated(any) () async -> Success
  ) -> Task<Success, Never> {
    Task.immediate(executorPreference: isCurrent ? shared : nil, operation: operation)
  }
}
