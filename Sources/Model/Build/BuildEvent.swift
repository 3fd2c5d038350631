/// What moves a build on. Every event may arrive twice, late, or after another that makes it void.
package enum BuildEvent: Hashable, Sendable, Codable {
  /// The build was triggered.
  case start
  /// An attempt ended.
  case ended(AttemptOutcome)
  /// Somebody wants the build to end.
  case cancel(by: String, at: Timestamp)
}

/// What must happen, in the same transaction that stores the new state.
package enum BuildAction: Hashable, Sendable {
  /// Post a ticket for an attempt at a task.
  case post(task: Int, attempt: Int)
  /// Take back the ticket of an attempt, or tell the worker that has it to stop.
  case withdraw(task: Int, attempt: Int)
  /// The build is over.
  case end(Verdict)
}
