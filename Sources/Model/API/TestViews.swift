/// From how many builds histories of tests follow.
package struct TestSpan: Hashable, Sendable, Codable {
  /// The newest that have results.
  package var builds: Int
  /// Older ones whose results are kept as well, but not looked at, because they are too many to be read at once.
  package var leftOut: Int

  package init(builds: Int, leftOut: Int = 0) {
    self.builds = builds
    self.leftOut = leftOut
  }
}

/// A test of a job as lists show it.
package struct TestSummaryView: Hashable, Sendable, Codable {
  package var name: String
  /// How it ended in the newest build that has it: failed when it did in any task.
  package var last: TestOutcome
  /// That build.
  package var build: Int
  package var finished: InstantText
  /// In the builds that are looked at, without those in which it was skipped.
  package var runs: Int
  package var failures: Int
  /// Whether it passed as well as failed with the same commit.
  package var flaky: Bool
  package var medianMilliseconds: Int?
  /// How many times as long as before it takes: the newer half of its runs beside the older.
  package var trend: Double?
  /// The builds that are looked at.
  package var span: TestSpan

  package init?(_ history: TestHistory, _ span: TestSpan) {
    self.span = span
    guard let newest = history.entries.first, let last = history.last else { return nil }
    name = history.name
    self.last = last
    build = newest.build
    finished = InstantText(newest.finished)
    runs = history.runs.count
    failures = history.failures
    flaky = !history.undecided.isEmpty
    medianMilliseconds = history.median
    trend = history.trend.map { ($0 * 100).rounded() / 100 }
  }
}

/// A test of a job with its history.
package struct TestView: Hashable, Sendable, Codable {
  package var summary: TestSummaryView
  /// The commits, or builds where the commit is not known, with which it passed as well as failed.
  package var undecided: [String]
  /// The newest first.
  package var results: [Result]

  package struct Result: Hashable, Sendable, Codable {
    package var build: Int
    package var task: TaskName
    package var attempt: Int
    package var commit: String?
    package var outcome: TestOutcome
    package var milliseconds: Int
    /// When the last test of the build ended.
    package var finished: InstantText
    package var message: String?
  }

  package init?(_ history: TestHistory, _ span: TestSpan) {
    guard let summary = TestSummaryView(history, span) else { return nil }
    self.summary = summary
    undecided = history.undecided
    results = history.entries.map { entry in
      Result(
        build: entry.build, task: entry.run.task, attempt: entry.run.attempt, commit: entry.commit,
        outcome: entry.run.result.outcome, milliseconds: entry.run.result.milliseconds,
        finished: InstantText(entry.finished), message: entry.run.result.message)
    }
  }
}
