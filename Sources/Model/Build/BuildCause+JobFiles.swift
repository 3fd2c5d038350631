extension BuildCause {
  /// Where the job files stand that a build started so may follow.
  package struct JobFileSource: Hashable, Sendable {
    /// As the cause names it.
    package var repository: String
    /// In hexadecimal.
    package var commit: String
    /// Hostile text.
    package var branch: String?
  }

  /// The job files at what was pushed, or is to be merged. A pull request from a fork brings none of its own, unless somebody
  /// approved exactly this commit: then those at its head, and else those of the branch that it is to be merged into.
  package var jobFiles: JobFileSource? {
    switch self {
    case .push(let push):
      return JobFileSource(repository: push.repository, commit: push.commit, branch: push.branch)
    case .pullRequest(let pull):
      let isOwn = !pull.isFork || pull.approvedBy != nil
      return JobFileSource(
        repository: pull.repository, commit: isOwn ? pull.commit : pull.baseCommit,
        branch: isOwn ? pull.branch : pull.base)
    case .request, .asked, .continuation, .rollback, .retrial, .schedule: return nil
    }
  }
}
