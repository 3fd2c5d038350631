import Coordination
package import Model
import ObjectStorage

/// The histories of tests, which follow from the results of the newest builds.
extension SharedRepository {
  /// The tests of a job, in the order of their names. That of an unchanged job costs one look at an index, however much was
  /// read for it once.
  ///
  /// - Parameters:
  ///   - after: only those with greater names.
  ///   - condition: which of them.
  ///   - limit: how many at most.
  package func tests(
    of job: JobName, after: String?, limit: Int, where condition: (TestSummaryView) -> Bool = { _ in true }
  ) async throws -> [TestSummaryView] {
    let reading = try await testReading(of: job)
    let all: [TestSummaryView]
    if let known = testCache.summary(of: job, from: reading.keys) {
      all = known
    } else {
      let span = reading.span
      all = TestHistory.all(in: try await builds(in: reading)).compactMap { TestSummaryView($0, span) }
      testCache.keep(all, of: job, from: reading.keys)
    }
    return Array(all.lazy.filter { after == nil || after ?? "" < $0.name }.filter(condition).prefix(limit))
  }

  /// One test of a job.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func test(of job: JobName, named name: String) async throws -> TestView {
    let reading = try await testReading(of: job)
    let history = TestHistory.all(in: try await builds(in: reading), named: name).first
    guard let found = history.flatMap({ TestView($0, reading.span) }) else {
      throw RepositoryError(
        .notFound, "job \(job) has no test \(name.prefix(300).debugDescription)",
        remedy: "list them with 'distci test list \(job)'")
    }
    return found
  }

  /// Which builds' results are read: of the newest that have any, so many that all fit in memory.
  private struct TestReading {
    var keys: [TestCache.Key] = []
    /// Bytes of each.
    var sizes: [Int] = []
    /// Builds that have results as well, and are not looked at.
    var leftOut = 0

    var span: TestSpan { TestSpan(builds: keys.count, leftOut: leftOut) }
  }

  /// - Throws: ``RepositoryError`` with `notFound` when there is neither a result nor the job.
  private func testReading(of job: JobName) async throws -> TestReading {
    let entries = try await objects.entries(in: ObjectMap.tests(of: job), after: "", limit: TestLimits.builds)
    if entries.isEmpty { _ = try await storedJob(job) }
    // What was to be the end of a build that goes on nevertheless counts for nothing.
    let running = entries.isEmpty ? [] : Set(try await runningNumbers(of: job))
    var reading = TestReading()
    var (runs, bytes) = (TestLimits.read, TestLimits.readBytes)
    for entry in entries {
      guard let number = ObjectMap.buildNumber(ofEntry: entry.key), !running.contains(number),
        let stored = try? JSONBytes.decode(StoredTests.self, from: entry.value)
      else { continue }
      runs -= stored.runs
      bytes -= stored.bytes
      guard runs >= 0 && bytes >= 0 || reading.keys.isEmpty else {
        reading.leftOut += 1
        continue
      }
      reading.keys.append(TestCache.Key(build: BuildID(job: job, number: number), end: stored.end))
      reading.sizes.append(stored.bytes)
    }
    return reading
  }

  private func builds(in reading: TestReading) async throws -> [BuildTests] {
    var builds: [BuildTests] = []
    for (key, size) in zip(reading.keys, reading.sizes) {
      if let known = testCache.tests(key) {
        builds.append(known)
        continue
      }
      // It goes away when a hundred newer builds have come.
      guard let bytes = try await objects.blobBytes(ObjectMap.testResults(of: key.build, key.end)) else { continue }
      let tests = try JSONBytes.decode(BuildTests.self, from: bytes)
      testCache.keep(tests, as: key, bytes: size)
      builds.append(tests)
    }
    return builds
  }
}
