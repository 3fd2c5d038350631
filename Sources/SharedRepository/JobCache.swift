import Model
import Synchronization

/// Jobs by their revision, and jobs' entries by their bytes. Neither ever comes to mean something else, so what is here is never
/// out of date; it is bounded because there may be many.
package final class JobCache: Sendable {
  private let jobs = Mutex<[String: Job]>([:])
  private let entries = Mutex<[[UInt8]: StoredJob]>([:])
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

  func entry(_ bytes: [UInt8]) -> StoredJob? {
    entries.withLock { $0[bytes] }
  }

  func keep(_ entry: StoredJob, bytes: [UInt8]) {
    entries.withLock { entries in
      if entries.count >= most { entries.removeAll(keepingCapacity: true) }
      entries[bytes] = entry
    }
  }
}
