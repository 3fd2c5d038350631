import Model
import Synchronization

/// What a process has learned of how long tasks take, by job; bounded because there may be many.
package final class DurationCache: Sendable {
  private struct Entry {
    var durations: ExpectedDurations
    /// The newest build for which it was looked up.
    var build: Int
  }

  private let entries = Mutex<[JobName: Entry]>([:])
  private let most: Int

  package init(most: Int = 1_000) {
    self.most = most
  }

  /// What was looked up for this build or a later one.
  func durations(for build: BuildID) -> ExpectedDurations? {
    entries.withLock { entries in entries[build.job].flatMap { $0.build >= build.number ? $0.durations : nil } }
  }

  func keep(_ durations: ExpectedDurations, for build: BuildID) {
    entries.withLock { entries in
      if entries.count >= most { entries.removeAll(keepingCapacity: true) }
      entries[build.job] = Entry(durations: durations, build: build.number)
    }
  }
}
