/// A schedule of a job as the API shows it.
package struct ScheduleView: Hashable, Sendable, Codable {
  package var cron: String
  package var timezone: String
  package var catchUp: ScheduleTrigger.CatchUp
  /// When it starts a build next; absent when it never does.
  package var next: InstantText?
  /// The instant for which it wanted a build last.
  package var last: InstantText?
  /// Why there is no build for it.
  package var error: String?

  package init(_ state: ScheduleState) {
    cron = state.trigger.cron
    timezone = state.trigger.timezone
    catchUp = state.trigger.catchUp
    next = state.due.map(InstantText.init)
    last = state.last.map(InstantText.init)
    error = state.error
  }
}

/// A repository that a job looks at, as the API shows it.
package struct PollView: Hashable, Sendable, Codable {
  package var repository: String
  package var branches: [String]
  /// In seconds.
  package var every: Int
  /// When somebody looks next.
  package var next: InstantText
  /// When somebody last saw the branches.
  package var looked: InstantText?
  /// How many looks have failed in a row.
  package var failures: Int
  /// What went wrong at the latest look.
  package var error: String?

  package init(_ state: PollState) {
    repository = state.trigger.repository
    branches = state.trigger.branches
    every = state.trigger.every
    next = InstantText(state.due)
    looked = state.looked.map(InstantText.init)
    failures = state.failures
    error = state.error
  }
}
