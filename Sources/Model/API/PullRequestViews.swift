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
