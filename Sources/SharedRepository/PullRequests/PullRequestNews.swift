package import Model

/// What a forge tells of a pull request that is open.
package struct PullRequestNews: Hashable, Sendable {
  /// Approved by nobody.
  package var request: BuildCause.PullRequest
  /// The names under which jobs may know the repository, as ``RepositoryIdentity`` writes them.
  package var identities: [String]
  /// When the forge says that the request was changed last.
  package var updated: Timestamp?

  package init(_ request: BuildCause.PullRequest, identities: [String], updated: Timestamp? = nil) {
    self.request = request
    self.identities = identities
    self.updated = updated
  }
}

/// What news of a pull request came to.
package struct PullRequestTaken: Hashable, Sendable {
  package var started: Started
  /// Jobs that wait until somebody approves the commit.
  package var unapproved: [JobName]
  /// Jobs that build nothing of forks.
  package var ignored: [JobName]
  package var refused: [RefusedStart]
}

/// A job that waits for something and cannot be built for it.
package struct RefusedStart: Hashable, Sendable {
  package var job: JobName
  package var message: String
  package var remedy: String
}

/// What an approval came to.
package struct PullRequestApproval: Hashable, Sendable {
  /// With who approved it.
  package var request: BuildCause.PullRequest
  package var started: Started
  package var refused: [RefusedStart]
}

/// What a pull request starts.
struct PullRequestStarts {
  var requests: [StartRequest] = []
  var unapproved: [JobName] = []
  var ignored: [JobName] = []
  var refused: [RefusedStart] = []

  /// Whether nothing waits for it.
  var isNothing: Bool { requests.isEmpty && unapproved.isEmpty }
}
