/// When a task that failed, or ran out of time, is attempted again.
package struct Retry: Hashable, Sendable, Codable {
  /// How many attempts there are in all; those that our infrastructure failed are not counted.
  package var attempts: Int
  /// Seconds before the second attempt.
  package var wait: Int
  /// By how many seconds each later wait is longer than the one before it.
  package var increment: Int
  /// Only an attempt whose output holds one of these texts is made again; any, when there are none.
  package var onOutput: [String]

  package init(attempts: Int, wait: Int = 0, increment: Int = 0, onOutput: [String] = []) {
    self.attempts = attempts
    self.wait = wait
    self.increment = increment
    self.onOutput = onOutput
  }

  package func covers(_ outcome: AttemptOutcome) -> Bool {
    onOutput.isEmpty || outcome.matchedOutput != nil
  }

  /// How long to wait after so many attempts.
  package func wait(after tries: Int) -> Duration {
    .seconds(wait + increment * max(0, tries - 1))
  }
}
