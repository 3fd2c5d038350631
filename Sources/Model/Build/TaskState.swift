/// How far a task of a build has come.
package struct TaskState: Hashable, Sendable, Codable {
  package enum Phase: Hashable, Sendable, Codable {
    /// Something that it needs has not ended.
    case waiting
    /// The ticket of its latest attempt is posted, or taken.
    case posted(at: Timestamp)
    /// Its next attempt is made at a time, since the one before it did not end well.
    case resting(until: Timestamp)
    case ended(Verdict)
  }

  package var phase: Phase
  /// The attempts that have ended, oldest first.
  package var attempts: [AttemptOutcome]
  /// Why it was skipped or cancelled, or rests, in a sentence.
  package var reason: String?
  /// It ended, and not with success, and that counts for nothing: it was allowed to fail, or had nothing to do.
  package var excused: Bool?
  /// Its place at the environment that it deploys to.
  package var place: EnvironmentPlace?
  /// Who let it deploy, where that takes somebody.
  package var approval: Approval?

  package init(phase: Phase = .waiting, attempts: [AttemptOutcome] = [], reason: String? = nil) {
    self.phase = phase
    self.attempts = attempts
    self.reason = reason
  }

  package var verdict: Verdict? {
    if case .ended(let verdict) = phase { verdict } else { nil }
  }

  package var hasEnded: Bool { verdict != nil }

  /// Whether it ended, and what needs it may run.
  package var endedWell: Bool { hasEnded && (verdict == .succeeded || excused == true) }

  /// Whether it ended, and what needs it may not run.
  package var endedBadly: Bool { hasEnded && !endedWell }

  /// The number of the attempt that is posted now, or would be next.
  package var currentAttempt: Int { (attempts.last?.attempt ?? 0) + 1 }
}
