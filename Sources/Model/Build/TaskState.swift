/// How far a task of a build has come.
package struct TaskState: Hashable, Sendable, Codable {
  package enum Phase: Hashable, Sendable, Codable {
    /// Something that it needs has not ended.
    case waiting
    /// The ticket of its latest attempt is posted, or taken.
    case posted(at: Timestamp)
    case ended(Verdict)
  }

  package var phase: Phase
  /// The attempts that have ended, oldest first.
  package var attempts: [AttemptOutcome]
  /// Why it was skipped or cancelled, in a sentence.
  package var reason: String?

  package init(phase: Phase = .waiting, attempts: [AttemptOutcome] = [], reason: String? = nil) {
    self.phase = phase
    self.attempts = attempts
    self.reason = reason
  }

  package var verdict: Verdict? {
    if case .ended(let verdict) = phase { verdict } else { nil }
  }

  /// The number of the attempt that is posted now, or would be next.
  package var currentAttempt: Int { (attempts.last?.attempt ?? 0) + 1 }
}
