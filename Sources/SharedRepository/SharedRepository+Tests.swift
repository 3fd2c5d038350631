import Coordination
package import Model
import ObjectStorage

/// Test results, by build, and the histories that follow from them.
extension SharedRepository {
  /// Keeps the test results of a build that is about to end: once, however often this is called. A build that told nothing of
  /// tests costs nothing.
  ///
  /// - Returns: what could not be kept, in sentences.
  package func recordTests(of request: BuildRequest, _ state: BuildState) async throws -> [String] {
    let attempts = state.attemptsWithTests
    guard !attempts.isEmpty else { return [] }
    let build = request.build
    let index = ObjectMap.tests(of: build.job)
    let key = ObjectMap.buildEntry(build.number)
    guard try await objects.value(in: index, at: key) == nil else { return [] }
    let plan = try await plan(of: BuildRecord(request: request, state: state))
    var runs: [TestRun] = []
    var times: BuildFileTimes = [:]
    var notes: [String] = []
    for attempt in attempts {
      let name = plan.tasks[attempt.task].name
      guard let tests = try await tests(of: attempt, build, name) else {
        notes.append("the test results of attempt \(attempt.attempt) at \(name) cannot be read")
        continue
      }
      let task = plan.lastingName(of: attempt.task)
      runs += tests.results.prefix(TestLimits.runs - runs.count).map {
        TestRun(task: task, attempt: attempt.attempt, result: $0)
      }
      // Of several attempts at a part the last one counts.
      if !tests.times.isEmpty { times[task, default: [:]].merge(tests.times) { $1 } }
    }
    if runs.count == TestLimits.runs { notes.append("of its test results the first \(runs.count) were kept") }
    // Nothing that depends on who ends the build, or when.
    let last = attempts.map(\.finished).max() ?? request.requested
    let results = BuildTests(build: build.number, commit: state.commit(plan), finished: last, runs: runs)
    try await put(results, at: ObjectMap.testResults(of: build))
    if !times.isEmpty { try await put(times, at: ObjectMap.fileTimes(of: build)) }
    let entry = try JSONBytes.encode(StoredTests(runs: runs.count, hasTimes: !times.isEmpty))
    try await objects.update(index, [IndexChange(key: key, value: entry)])
    try await forgetOldTests(of: build.job)
    return notes
  }

  /// - Returns: `nil` when what was stored is gone or damaged.
  private func tests(of attempt: AttemptOutcome, _ build: BuildID, _ task: TaskName) async throws -> AttemptTests? {
    do {
      return try await storage(of: build, task: task, token: attempt.token).tests()
    } catch is DecodingError {
      return nil
    } catch let error as ObjectStoreError where error.code == .damaged {
      return nil
    }
  }

  /// Whoever ends the same build writes the same.
  private func put(_ value: some Encodable, at key: ObjectKey) async throws {
    do {
      _ = try await objects.putBlob(key, from: OneChunk(JSONBytes.encode(value)))
    } catch let error as ObjectStoreError where error.code == .alreadyExists {
      return
    }
  }

  /// The objects go before the entry that leads to them, so that none is left behind.
  private func forgetOldTests(of job: JobName) async throws {
    let index = ObjectMap.tests(of: job)
    let entries = try await objects.entries(in: index, after: "", limit: TestLimits.builds + 20)
    for entry in entries.dropFirst(TestLimits.builds) {
      if let number = ObjectMap.buildNumber(ofEntry: entry.key) {
        let build = BuildID(job: job, number: number)
        try await objects.deleteBlob(ObjectMap.testResults(of: build))
        try await objects.deleteBlob(ObjectMap.fileTimes(of: build))
      }
      try await objects.update(index, [IndexChange(key: entry.key, value: nil)])
    }
  }

  // MARK: - Reading

  /// The tests of a job, in the order of their names.
  ///
  /// - Parameters:
  ///   - after: only those with greater names.
  ///   - condition: which of them.
  ///   - limit: how many at most.
  package func tests(
    of job: JobName, after: String?, limit: Int, where condition: (TestSummaryView) -> Bool = { _ in true }
  ) async throws -> [TestSummaryView] {
    let all = TestHistory.all(in: try await buildTests(of: job)).lazy
    return Array(
      all.filter { after == nil || after ?? "" < $0.name }.compactMap(TestSummaryView.init).filter(condition)
        .prefix(limit))
  }

  /// One test of a job.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func test(of job: JobName, named name: String) async throws -> TestView {
    let found = TestHistory.all(in: try await buildTests(of: job), named: name).first.flatMap(TestView.init)
    guard let found else {
      throw RepositoryError(
        .notFound, "job \(job) has no test \(name.prefix(300).debugDescription)",
        remedy: "list them with 'distci test list \(job)'")
    }
    return found
  }

  /// The results of the newest builds that have any, the newest first; of so many that all fit in memory.
  ///
  /// - Throws: ``RepositoryError`` with `notFound` when there is neither a result nor the job.
  private func buildTests(of job: JobName) async throws -> [BuildTests] {
    let entries = try await objects.entries(in: ObjectMap.tests(of: job), after: "", limit: TestLimits.builds)
    if entries.isEmpty { _ = try await storedJob(job) }
    var builds: [BuildTests] = []
    var room = TestLimits.read
    for entry in entries {
      guard let number = ObjectMap.buildNumber(ofEntry: entry.key) else { continue }
      room -= try JSONBytes.decode(StoredTests.self, from: entry.value).runs
      guard room >= 0 || builds.isEmpty else { break }
      // It goes away when a hundred newer builds have come.
      let key = ObjectMap.testResults(of: BuildID(job: job, number: number))
      guard let bytes = try await objects.blobBytes(key) else { continue }
      builds.append(try JSONBytes.decode(BuildTests.self, from: bytes))
    }
    return builds
  }
}
