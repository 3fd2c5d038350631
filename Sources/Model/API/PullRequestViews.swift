/// What a pull request wants, as the API shows it.
package struct PullRequestView: Hashable, Sendable, Codable {
  package var number: Int
  /// The head's branch.
  package var branch: String
  /// The branch that it is to be merged into, and its commit.
  package var base: String
  package var baseCommit: String
  package var fork: Bool
  /// Who approved exactly this commit.
  package var approvedBy: String?

  package init(_ pull: BuildCause.PullRequest) {
    number = pull.number
    branch = pull.branch
    base = pull.base
    baseCommit = pull.baseCommit
    fork = pull.isFork
    approvedBy = pull.approvedBy
  }
}

extension CauseView {
  mutating func take(_ pull: BuildCause.PullRequest) {
    repository = pull.repository
    ref = pull.ref
    commit = pull.commit
    pullRequest = PullRequestView(pull)
  }
}

/// A pull request that waits for approval, as the API shows it.
package struct PendingPullRequestView: Hashable, Sendable, Codable {
  package var repository: String
  package var number: Int
  /// The head's branch, and its commit: what is approved.
  package var branch: String
  package var commit: String
  package var base: String
  package var baseCommit: String
  /// When that head came.
  package var since: InstantText

  package init(_ pull: BuildCause.PullRequest, since: Timestamp) {
    repository = pull.repository
    number = pull.number
    branch = pull.branch
    commit = pull.commit
    base = pull.base
    baseCommit = pull.baseCommit
    self.since = InstantText(since)
  }
}

/// What an approval came to, as the API shows it.
package struct ApprovedPullRequestView: Hashable, Sendable, Codable {
  package var repository: String
  package var number: Int
  package var commit: String
  package var approvedBy: String
  package var started: [BuildReference]
  /// Whether it had been approved before.
  package var isRepeat: Bool
  /// Why jobs that wait for it cannot be built, in sentences.
  package var refused: [String]

  package init(
    _ pull: BuildCause.PullRequest, started: [BuildID], isRepeat: Bool, refused: [String]
  ) {
    repository = pull.repository
    number = pull.number
    commit = pull.commit
    approvedBy = pull.approvedBy ?? ""
    self.started = started.map(BuildReference.init)
    self.isRepeat = isRepeat
    self.refused = refused
  }

  private enum CodingKeys: String, CodingKey {
    case repository, number, commit, approvedBy, started
    case isRepeat = "repeat"
    case refused
  }
}
