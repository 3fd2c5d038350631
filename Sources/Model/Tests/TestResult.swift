/// How one test ended.
package enum TestOutcome: String, Hashable, Sendable, Codable, CaseIterable {
  case passed, failed, skipped
}

/// One test as an attempt at a task ran it.
package struct TestResult: Hashable, Sendable, Codable {
  /// What a report calls it, after the class or the suite that it belongs to. Hostile text without control characters.
  package var name: String
  package var outcome: TestOutcome
  package var milliseconds: Int
  /// Why it failed.
  package var message: String?

  package init(name: String, outcome: TestOutcome, milliseconds: Int, message: String? = nil) {
    self.name = name
    self.outcome = outcome
    self.milliseconds = milliseconds
    self.message = message
  }

  /// Makes one of results with the same name, as a test with several sets of values gives: it failed when one did, and took
  /// what all took. In the order of names.
  package static func merged(_ results: [TestResult]) -> [TestResult] {
    var merged: [String: TestResult] = [:]
    for result in results {
      guard var earlier = merged[result.name] else {
        merged[result.name] = result
        continue
      }
      earlier.milliseconds += result.milliseconds
      earlier.message = earlier.message ?? result.message
      if earlier.outcome == .skipped || result.outcome == .failed { earlier.outcome = result.outcome }
      merged[result.name] = earlier
    }
    return merged.values.sorted { $0.name < $1.name }
  }
}

/// What one attempt tells about tests.
package struct AttemptTests: Hashable, Sendable, Codable {
  package var results: [TestResult]
  /// What the files took that a part of a split had, in milliseconds.
  package var times: [String: Int]

  package init(results: [TestResult], times: [String: Int]) {
    self.results = results
    self.times = times
  }
}
