import Model

/// The repository that a task finds in its workspace.
struct Checkout: Sendable {
  private let directory: String
  private let git: Git

  init(_ directory: String, git: Git) {
    self.directory = directory
    self.git = git
  }

  /// Makes the repository, on the commit's branch when it has one.
  ///
  /// - Returns: the commit.
  func make(_ choice: CommitChoice, from mirror: GitMirror) async throws -> String {
    let resolved = try await mirror.resolve(choice)
    let directory = directory
    try await BlockingCalls.run { try FilePaths.makeDirectory(directory, mode: 0o755) }
    try await mirror.clone(to: directory)
    try await git.run(["config", "remote.origin.url", mirror.address.text], in: directory)
    // A name that git would take for an option is no branch of a checkout.
    if let branch = resolved.branch, !branch.hasPrefix("-") {
      try await git.run(["checkout", "--quiet", "--force", "--no-track", "-B", branch, resolved.commit], in: directory)
    } else {
      try await git.run(["checkout", "--quiet", "--force", "--detach", resolved.commit], in: directory)
    }
    return resolved.commit
  }

  func remove() async throws {
    let directory = directory
    try await BlockingCalls.run { try FilePaths.removeTree(directory) }
  }

  /// The commit and the first line of its message.
  func headline() async throws -> String {
    let text = try await git.run(["log", "-1", "--no-color", "--no-show-signature", "--format=%H %s"], in: directory)
    return String(text.split(whereSeparator: \.isNewline).first ?? "").prefix(300).description
  }

  /// - Throws: ``TaskFailure`` when a submodule is not where the repository says, or may not be used.
  func updateSubmodules() async throws {
    do {
      try await git.run(["submodule", "--quiet", "update", "--init", "--recursive", "--force"], in: directory)
    } catch let error as GitError where !error.isTransient {
      throw TaskFailure("the submodules cannot be checked out: \(error.words)")
    }
  }
}
