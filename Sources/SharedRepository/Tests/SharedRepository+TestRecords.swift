package import Coordination
package import Model
import ObjectStorage

/// Keeping the test results of builds that end.
extension SharedRepository {
  /// What a build that is about to end in this state tells of tests; `nil` when it tells nothing, which costs nothing.
  package func testsAtEnd(of record: BuildRecord) async throws -> EndedTests? {
    let (request, state) = (record.request, record.state)
    let attempts = state.attemptsWithTests
    // What strangers wrote, or stands on a branch alone, tells nothing of the job's own tests.
    guard !attempts.isEmpty, !request.isOfFork, !request.isAside else { return nil }
    let plan = try await plan(of: record)
    var runs: [TestRun] = []
    var times: BuildFileTimes = [:]
    var notes: [String] = []
    for attempt in attempts {
      let name = plan.tasks[attempt.task].name
      guard let tests = try await tests(of: attempt, request.build, name) else {
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
    let bounded = FileTimes.bounded(times)
    if bounded.files < times.reduce(0, { $0 + $1.value.count }) {
      notes.append("of the times that its files took the first \(bounded.files) were kept")
    }
    // Nothing that depends on who ends the build, or when.
    let last = attempts.map(\.finished).max() ?? request.requested
    let results = BuildTests(build: request.build.number, commit: state.commit(plan), finished: last, runs: runs)
    return EndedTests(results: results, times: bounded.times, notes: notes)
  }

  /// Keeps what a build tells of tests, once it stands in history so, and before it is removed from what runs: whoever removes
  /// it has kept what it ended with, and whoever ended it in vain before gives way.
  ///
  /// - Parameter version: of the running build's node, from which it is ended.
  package func keep(_ tests: EndedTests, of request: BuildRequest, version: Int) async throws {
    let build = request.build
    let end = StoredTests.End(requestID: request.requestID, version: version)
    let results = try JSONBytes.encode(tests.results)
    let entry = StoredTests(
      runs: tests.results.runs.count, bytes: results.count, hasTimes: !tests.times.isEmpty, end: end, earlier: [])
    guard let replaced = try await enter(entry, of: build) else { return }
    // The entry goes first, so that no object is there to which nothing leads.
    try await put(results, at: ObjectMap.testResults(of: build, end))
    if entry.hasTimes { try await put(try JSONBytes.encode(tests.times), at: ObjectMap.fileTimes(of: build, end)) }
    for end in replaced { try await forgetTests(of: build, end) }
    try await forgetOldTests(of: build.job)
  }

  /// Writes a build's entry, unless a later end has written one.
  ///
  /// - Returns: the ends whose place it took; `nil` when it was too late.
  private func enter(_ entry: StoredTests, of build: BuildID) async throws -> [StoredTests.End]? {
    let (index, key) = (ObjectMap.tests(of: build.job), ObjectMap.buildEntry(build.number))
    while true {
      let found = try await objects.value(in: index, at: key)
      var entry = entry
      if let found, let earlier = try? JSONBytes.decode(StoredTests.self, from: found) {
        if earlier.end == entry.end { return earlier.earlier }
        if earlier.end.requestID == entry.end.requestID, earlier.end.version > entry.end.version { return nil }
        entry.earlier = (earlier.earlier + [earlier.end]).suffix(Self.mostEnds)
      }
      let change = IndexChange(
        key: key, value: try JSONBytes.encode(entry),
        expecting: found.map(IndexChange.Expectation.value) ?? .absent)
      do {
        try await objects.update(index, [change])
        return entry.earlier
      } catch let error as ObjectStoreError where error.code == .conditionFailed {
        continue
      }
    }
  }

  /// So many ends in vain of one build are remembered.
  private static var mostEnds: Int { 20 }

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

  /// Whoever ends the same build from the same version, with the same end, writes the same.
  private func put(_ bytes: [UInt8], at key: ObjectKey) async throws {
    do {
      _ = try await objects.putBlob(key, from: OneChunk(bytes))
    } catch let error as ObjectStoreError where error.code == .alreadyExists {
      return
    }
  }

  private func forgetTests(of build: BuildID, _ end: StoredTests.End) async throws {
    try await objects.deleteBlob(ObjectMap.testResults(of: build, end))
    try await objects.deleteBlob(ObjectMap.fileTimes(of: build, end))
  }

  /// The objects go before the entry that leads to them, so that none is left behind.
  private func forgetOldTests(of job: JobName) async throws {
    let index = ObjectMap.tests(of: job)
    let entries = try await objects.entries(in: index, after: "", limit: TestLimits.builds + 20)
    for entry in entries.dropFirst(TestLimits.builds) {
      if let number = ObjectMap.buildNumber(ofEntry: entry.key),
        let stored = try? JSONBytes.decode(StoredTests.self, from: entry.value)
      {
        for end in stored.earlier + [stored.end] {
          try await forgetTests(of: BuildID(job: job, number: number), end)
        }
      }
      try await objects.update(index, [IndexChange(key: entry.key, value: nil)])
    }
  }
}
