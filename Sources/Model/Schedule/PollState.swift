/// What is known of a repository that a job looks at now and then.
package struct PollState: Hashable, Sendable, Codable {
  package var trigger: PollTrigger
  /// When to look next.
  package var due: Timestamp
  /// When somebody last saw the branches.
  package var looked: Timestamp?
  /// The commit of each branch that counts, by its name; `nil` before the first look, which only learns.
  package var seen: [String: String]?
  /// How many looks have failed in a row.
  package var failures: Int
  /// Why, or what could not be started, in a sentence.
  package var error: String?

  /// After failures, the wait grows up to this, if it was not longer before.
  private static let longestWait = 3_600

  package init(_ trigger: PollTrigger, now: Timestamp) {
    self.trigger = trigger
    due = now
    failures = 0
  }

  /// The same where a job's file says something else now: what is known of the same branches is kept.
  package func following(_ trigger: PollTrigger, now: Timestamp) -> PollState? {
    guard trigger.repository == self.trigger.repository, trigger.branches == self.trigger.branches else { return nil }
    var state = self
    state.trigger = trigger
    state.due = min(due, now.adding(.seconds(trigger.every)))
    return state
  }

  /// The branches that are where they were not before, by name; none at the first look.
  package func moved(to found: [String: String]) -> [(branch: String, commit: String)] {
    guard let seen else { return [] }
    return found.filter { trigger.accepts(branch: $0.key) && seen[$0.key] != $0.value }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// All that was found has been taken in.
  package mutating func succeed(with found: [String: String], now: Timestamp) {
    seen = found.filter { trigger.accepts(branch: $0.key) }
    looked = now
    failures = 0
    error = nil
    due = now.adding(.seconds(trigger.every))
  }

  /// The branches could not be seen, or no build be started.
  package mutating func fail(because reason: String, now: Timestamp) {
    failures += 1
    error = reason.bounded(to: 500)
    let wait = trigger.every << min(failures, 8)
    due = now.adding(.seconds(min(wait, max(trigger.every, Self.longestWait))))
  }
}
