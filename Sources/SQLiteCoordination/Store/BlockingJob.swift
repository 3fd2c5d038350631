import Dispatch
import Synchronization

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
