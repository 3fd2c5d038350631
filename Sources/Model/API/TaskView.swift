/// A task of a build as the API shows it.
package struct TaskView: Hashable, Sendable, Codable {
  package enum Status: String, Hashable, Sendable, Codable {
    /// For other tasks.
    case waiting
    /// For the time of its next attempt.
    case resting
    /// For a worker.
    case queued
    case running
    case ended
  }

  package var name: TaskName
  package var type: String
  package var needs: [TaskName]
  package var labels: [Label]
  package var status: Status
  package var verdict: Verdict?
  /// Why it was skipped, failed or cancelled, or rests.
  package var reason: String?
  package var attempts: [AttemptView]
  /// When its next attempt is made, while it waits for that.
  package var nextAttempt: InstantText?
  /// Present, and true, when it did not end with success and that counts for nothing.
  package var excused: Bool?
  /// Where it deploys to, and what it waits for there.
  package var deploy: TaskDeployView?

  package init(
    name: TaskName, type: String, needs: [TaskName], labels: [Label], status: Status, verdict: Verdict?,
    reason: String?, attempts: [AttemptView], nextAttempt: InstantText? = nil, excused: Bool? = nil
  ) {
    self.name = name
    self.type = type
    self.needs = needs
    self.labels = labels
    self.status = status
    self.verdict = verdict
    self.reason = reason
    self.attempts = attempts
    self.nextAttempt = nextAttempt
    self.excused = excused
  }
}

/// An attempt at a task as the API shows it; the last one of a running task has no verdict yet.
package struct AttemptView: Hashable, Sendable, Codable {
  package var number: Int
  package var verdict: Verdict?
  package var message: String?
  package var exitStatus: Int?
  /// Nobody's while none has taken it, nor if it was cancelled before.
  package var worker: String?
  package var started: InstantText?
  package var finished: InstantText?
  /// Bytes.
  package var logSize: Int?
  package var artifacts: Int?
  package var commit: String?
  /// How many test results it told, when it told of tests.
  package var tests: Int?

  package init(_ outcome: AttemptOutcome) {
    number = outcome.attempt
    verdict = outcome.verdict
    message = outcome.message
    exitStatus = outcome.exitStatus
    worker = outcome.worker.isEmpty ? nil : outcome.worker
    started = InstantText(outcome.started)
    finished = InstantText(outcome.finished)
    logSize = outcome.logSize
    artifacts = outcome.artifacts
    commit = outcome.commit
    tests = outcome.tests
  }

  /// An attempt that a worker is making now.
  package init(number: Int, worker: String, started: Timestamp) {
    self.number = number
    self.worker = worker
    self.started = InstantText(started)
  }
}
