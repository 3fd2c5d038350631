/// What became of one test in the builds of a job.
package struct TestHistory: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var build: Int
    package var commit: String?
    package var finished: Timestamp
    package var run: TestRun
  }

  package let name: String
  /// The newest first.
  package private(set) var entries: [Entry]

  /// The histories of all tests, in the order of their names.
  ///
  /// - Parameters:
  ///   - builds: the newest first.
  ///   - name: of the only test to look at.
  package static func all(in builds: [BuildTests], named name: String? = nil) -> [TestHistory] {
    var entries: [String: [Entry]] = [:]
    for build in builds {
      for run in build.runs.reversed() where name == nil || run.result.name == name {
        guard entries[run.result.name]?.count ?? 0 < TestLimits.history else { continue }
        entries[run.result.name, default: []].append(
          Entry(build: build.build, commit: build.commit, finished: build.finished, run: run))
      }
    }
    return entries.map { TestHistory(name: $0.key, entries: $0.value) }.sorted { $0.name < $1.name }
  }

  private init(name: String, entries: [Entry]) {
    self.name = name
    self.entries = entries
  }

  /// How it ended in the newest build that has it: it failed when it did in any task, of which the last attempt counts.
  package var last: TestOutcome? {
    var outcomes: [TaskName: TestOutcome] = [:]
    for entry in entries.prefix(while: { $0.build == entries.first?.build }) where outcomes[entry.run.task] == nil {
      outcomes[entry.run.task] = entry.run.result.outcome
    }
    return [.failed, .passed, .skipped].first(where: outcomes.values.contains)
  }

  /// Those of entries that ran, and were not skipped.
  package var runs: [Entry] { entries.filter { $0.run.result.outcome != .skipped } }

  package var failures: Int { entries.count { $0.run.result.outcome == .failed } }

  /// The commits, or builds where the commit is not known, with which it passed as well as failed in the same task: nothing
  /// but chance can tell these apart. The newest first.
  package var undecided: [String] {
    var outcomes: [String: Set<TestOutcome>] = [:]
    var undecided: [String] = []
    for entry in runs {
      let source = entry.commit ?? "build \(entry.build)"
      let key = "\(source) \(entry.run.task)"
      outcomes[key, default: []].insert(entry.run.result.outcome)
      if outcomes[key]?.count == 2, !undecided.contains(source) { undecided.append(source) }
    }
    return undecided
  }

  /// What the middle one of its runs took, in milliseconds.
  package var median: Int? { Self.median(runs) }

  /// How many times as long as before it takes: the newer half of its runs beside the older. Not known of fewer than four, nor
  /// where the older took no time.
  package var trend: Double? {
    let runs = runs
    guard runs.count >= 4, let newer = Self.median(runs.prefix(runs.count / 2)),
      let older = Self.median(runs.suffix(runs.count / 2)), older > 0
    else { return nil }
    return Double(newer) / Double(older)
  }

  private static func median(_ entries: some Collection<Entry>) -> Int? {
    entries.isEmpty ? nil : entries.map(\.run.result.milliseconds).sorted()[entries.count / 2]
  }
}
