/// The test results of a build that has ended.
package struct BuildTests: Hashable, Sendable, Codable {
  package var build: Int
  /// What was tested, in hexadecimal, when it is known.
  package var commit: String?
  /// When the last of its tests ended.
  package var finished: Timestamp
  package var runs: [TestRun]

  package init(build: Int, commit: String?, finished: Timestamp, runs: [TestRun]) {
    self.build = build
    self.commit = commit
    self.finished = finished
    self.runs = runs
  }
}

/// A test in one attempt of a build.
package struct TestRun: Hashable, Sendable, Codable {
  /// As ``Plan/lastingName(of:)`` has it.
  package var task: TaskName
  package var attempt: Int
  package var result: TestResult

  package init(task: TaskName, attempt: Int, result: TestResult) {
    self.task = task
    self.attempt = attempt
    self.result = result
  }
}

extension BuildState {
  /// The attempts of this very build that told about tests.
  package var attemptsWithTests: [AttemptOutcome] {
    tasks.flatMap(\.attempts).filter { $0.tests != nil && $0.madeIn == nil }
  }

  /// The commit that the build is about, in hexadecimal: the one that was pushed, else the first that was checked out.
  package func commit(_ plan: Plan) -> String? {
    if let commit = plan.request.origin.commit { return commit }
    return tasks.lazy.compactMap { $0.attempts.last?.commit }.first
  }
}
