/// Starts a build when somebody wants a branch merged, and whenever that branch moves on.
package struct PullRequestTrigger: Hashable, Sendable {
  /// What becomes of those whose head is of another repository: anybody can make one.
  package enum Forks: String, Hashable, Sendable, CaseIterable {
    /// Nothing of it runs before somebody has approved that very commit.
    case approve
    /// As if it were of the same repository.
    case build
    /// Nothing.
    case ignore
  }

  /// `owner/name` at a forge, or a clone URL: where the request is made.
  package var repository: String
  /// Globs over the branches to merge into; empty means every branch.
  package var branches: [String]
  package var forks: Forks

  package init(repository: String, branches: [String] = [], forks: Forks = .approve) {
    self.repository = repository
    self.branches = branches
    self.forks = forks
  }

  /// Whether what is to be merged into this branch counts.
  package func accepts(base branch: String) -> Bool {
    branches.isEmpty || branches.contains { (try? Glob($0))?.matches(branch) ?? false }
  }
}

extension Job {
  /// In the order of the file.
  package var pullRequests: [PullRequestTrigger] {
    triggers.compactMap { if case .pullRequest(let trigger) = $0 { trigger } else { nil } }
  }
}
