/// What starts a build of a job by itself.
package enum Trigger: Hashable, Sendable {
  case push(PushTrigger)
  case schedule(ScheduleTrigger)
  case poll(PollTrigger)
  case pullRequest(PullRequestTrigger)
}

/// Starts a build when a ref of a repository was pushed.
package struct PushTrigger: Hashable, Sendable {
  /// `owner/name` at a forge, or a clone URL.
  package var repository: String
  /// Globs over branch names. Both lists empty means every branch and no tag.
  package var branches: [String]
  /// Globs over tag names.
  package var tags: [String]
  /// Globs over changed files; empty means any change.
  package var paths: [String]

  package init(repository: String, branches: [String] = [], tags: [String] = [], paths: [String] = []) {
    self.repository = repository
    self.branches = branches
    self.tags = tags
    self.paths = paths
  }
}
