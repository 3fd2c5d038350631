import Model
import Synchronization

/// Jobs by their revision. A revision's text never changes, so what is here is never out of date; it is bounded because
/// there may be many.
package final class JobCache: Sendable {
  private let jobs = Mutex<[String: Job]>([:])
  private let most: Int

  package init(most: Int = 1_000) {
    self.most = most
  }

  func job(_ revision: String) -> Job? {
    jobs.withLock { $0[revision] }
  }

  func keep(_ job: Job, revision: String) {
    jobs.withLock { jobs in
      if jobs.count >= most { jobs.removeAll(keepingCapacity: true) }
      jobs[revision] = job
    }
  }
}
