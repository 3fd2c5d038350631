/// What moves a build on. Every event may arrive twice, late, or after another that makes it void.
package enum BuildEvent: Hashable, Sendable, Codable {
  /// The build was triggered.
  case start
  /// An attempt ended.
  case ended(AttemptOutcome)
  /// A timer that the build had set fired.
  case due(BuildTimer)
  /// A turn has come that the build had announced, to do more of what was too much for one transaction.
  case proceed(turn: Int)
  /// Somebody lets a task deploy.
  case approve(task: Int, by: String, at: Timestamp)
  /// Somebody wants the build to end.
  case cancel(by: String, at: Timestamp)
  /// A newer build takes its place in their concurrency group.
  case supersede(by: BuildID, at: Timestamp)
}

/// What a build waits for the time of.
package enum BuildTimer: Hashable, Sendable, Codable {
  /// Another attempt at a task.
  case retry(task: Int, attempt: Int)
  /// The end of the time that the whole build has.
  case timeout
}

/// What must happen, in the same transaction that stores the new state.
package enum BuildAction: Hashable, Sendable {
  /// Post a ticket for an attempt at a task.
  case post(task: Int, attempt: Int)
  /// Take back the ticket of an attempt, or tell the worker that has it to stop.
  case withdraw(task: Int, attempt: Int)
  /// Send ``BuildEvent/due(_:)`` at a time.
  case set(BuildTimer, at: Timestamp)
  /// Do not, unless it has been sent already.
  case clear(BuildTimer, at: Timestamp)
  /// Send ``BuildEvent/proceed(turn:)`` at once.
  case proceed(turn: Int)
  /// The build is over.
  case end(Verdict)
}
