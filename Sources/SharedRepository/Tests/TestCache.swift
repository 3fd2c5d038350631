import Model
import Synchronization

/// What a process has read of test results. Those of an ended build do not change, so what is here is never out of date;
/// bounded by the bytes that were read.
package final class TestCache: Sendable {
  struct Key: Hashable {
    var build: BuildID
    var end: StoredTests.End
  }

  /// The tests of a job, worked out from some of its builds.
  struct Summary {
    var builds: [Key]
    var tests: [TestSummaryView]
  }

  private struct Content {
    var builds: [Key: (tests: BuildTests, bytes: Int)] = [:]
    var bytes = 0
    var summaries: [JobName: Summary] = [:]
    var tests = 0
  }

  private let content = Mutex(Content())
  private let mostBytes: Int
  private let mostTests: Int

  /// - Parameters:
  ///   - mostBytes: of the objects from which results were read.
  ///   - mostTests: in the lists of all jobs together.
  package init(mostBytes: Int = TestLimits.readBytes, mostTests: Int = TestLimits.read) {
    self.mostBytes = mostBytes
    self.mostTests = mostTests
  }

  func tests(_ key: Key) -> BuildTests? { content.withLock { $0.builds[key]?.tests } }

  func keep(_ tests: BuildTests, as key: Key, bytes: Int) {
    content.withLock { content in
      if content.bytes + bytes > mostBytes {
        content.builds = [:]
        content.bytes = 0
      }
      guard bytes <= mostBytes, content.builds.updateValue((tests, bytes), forKey: key) == nil else { return }
      content.bytes += bytes
    }
  }

  func summary(of job: JobName, from builds: [Key]) -> [TestSummaryView]? {
    content.withLock { content in
      guard let known = content.summaries[job], known.builds == builds else { return nil }
      return known.tests
    }
  }

  func keep(_ tests: [TestSummaryView], of job: JobName, from builds: [Key]) {
    content.withLock { content in
      content.tests -= content.summaries.removeValue(forKey: job)?.tests.count ?? 0
      if content.tests + tests.count > mostTests {
        content.summaries = [:]
        content.tests = 0
      }
      guard tests.count <= mostTests else { return }
      content.summaries[job] = Summary(builds: builds, tests: tests)
      content.tests += tests.count
    }
  }
}
