/// How far a task of a build has come.
package struct TaskState: Hashable, Sendable, Codable {
  package enum Phase: Hashable, Sendable, Codable {
    /// Something that it needs has not ended.
    case waiting
    /// It may be posted, and is not yet: its job is paused, or so many tasks became ready at once that they are posted in turns.
    case ready
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
  /// Of the tasks that it needs, how many have ended.
  var endedNeeds: Int?
  /// Whether any task before it ended badly, as far as it was told.
  var followsFailure: Bool?
  /// The first task before it that checked out a commit.
  package internal(set) var checkout: Int?

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

extension TaskState {
  var needsEnded: Int { endedNeeds ?? 0 }
  var isAfterFailure: Bool { followsFailure == true }

  /// Takes note that a task that it needs has ended: with what each task is told so, nobody ever looks at all that came
  /// before it.
  mutating func note(_ need: TaskState, _ index: Int) {
    endedNeeds = needsEnded + 1
    if need.endedBadly || need.isAfterFailure { followsFailure = true }
    let first = [checkout, need.checkout, need.attempts.last?.commit == nil ? nil : index].compactMap(\.self).min()
    checkout = first
  }
}
