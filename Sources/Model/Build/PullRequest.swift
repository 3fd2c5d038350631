extension BuildCause {
  /// That somebody wants one branch merged into another, as it was told when the build was started.
  package struct PullRequest: Hashable, Sendable, Codable {
    /// `owner/name` of the base, where the request was made.
    package var repository: String
    package var number: Int
    /// Where the commit can be fetched from the base's repository: `refs/pull/7/head`.
    package var ref: String
    /// The head's branch. Hostile text.
    package var branch: String
    /// The head's, in hexadecimal.
    package var commit: String
    /// The name of the branch that it is to be merged into.
    package var base: String
    /// Of the base's branch, in hexadecimal.
    package var baseCommit: String
    /// Whether the head is not of the base's repository, or not known to be.
    package var isFork: Bool
    /// Who approved exactly this commit, when somebody did.
    package var approvedBy: String?

    package init(
      repository: String, number: Int, ref: String, branch: String, commit: String, base: String, baseCommit: String,
      isFork: Bool, approvedBy: String? = nil
    ) {
      self.repository = repository
      self.number = number
      self.ref = ref
      self.branch = branch
      self.commit = commit
      self.base = base
      self.baseCommit = baseCommit
      self.isFork = isFork
      self.approvedBy = approvedBy
    }
  }

  /// The commit that the build is about, in hexadecimal, where it was told when the build was started.
  package var commit: String? {
    switch self {
    case .push(let push): push.commit
    case .pullRequest(let pull): pull.commit
    case .request, .asked, .continuation, .rollback, .retrial, .schedule: nil
    }
  }

  /// The branch that the build is about: of a pull request, the head's. Hostile text.
  package var branch: String? {
    switch self {
    case .push(let push): push.branch
    case .pullRequest(let pull): pull.branch
    case .request, .asked, .continuation, .rollback, .retrial, .schedule: nil
    }
  }

  /// What is to be merged, where the build is about that.
  package var pullRequest: PullRequest? {
    if case .pullRequest(let pull) = self { pull } else { nil }
  }
}

extension BuildCause.PullRequest: CustomStringConvertible {
  package var description: String { "\(repository)#\(number)" }

  /// Whether it is the same one, whatever its head is now. Forges tell no upper case from lower in names.
  package func isSame(as repository: String, _ number: Int) -> Bool {
    self.number == number && self.repository.lowercased() == repository.lowercased()
  }
}

extension BuildRequest {
  /// Whether strangers wrote what is built: then it touches nothing outside, whoever approved that it runs, and nothing
  /// is built upon it.
  package var isOfFork: Bool { origin.pullRequest?.isFork ?? false }
}

extension BuildCause.PullRequest {
  /// Why a task does not run, however its job reads, in a build of this.
  func exclusion(of task: TaskDefinition) -> String? {
    guard isFork else { return nil }
    if case .gitPromote = task.work { return "it moves refs, and the pull request \(self) comes from a fork" }
    return task.deploy ? "it deploys, and the pull request \(self) comes from a fork" : nil
  }
}
