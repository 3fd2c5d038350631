package import Model

/// A pull request from a fork that waits for approval, or whose head was approved.
package struct PullRecord: Hashable, Sendable, Codable {
  /// With the newest head that is known, and who approved it.
  package var request: BuildCause.PullRequest
  /// The names under which jobs may know the repository.
  package var identities: [String]
  /// When that head came.
  package var since: Timestamp
  /// When the forge says that the request was changed last. Only compared with what the same forge says.
  package var updated: Timestamp?
  /// Made up for this head as it came: what is approved is approved once.
  package var id: String
  /// Jobs that wait for it and could not be built when it was approved: an approval again starts these.
  package var missed: [JobName]?
  /// How often it was approved with success; left out, once if at all.
  private var rounds: Int?

  package init(
    request: BuildCause.PullRequest, identities: [String], since: Timestamp, updated: Timestamp?, id: String
  ) {
    self.request = request
    self.identities = identities
    self.since = since
    self.updated = updated
    self.id = id
  }

  package var isApproved: Bool { request.approvedBy != nil }

  /// Whether somebody's approval would start anything.
  package var isWaiting: Bool { !isApproved || missed?.isEmpty == false }

  /// How often builds were started by approvals: once for all jobs, and again for those that it missed.
  package var approvals: Int { rounds ?? (isApproved ? 1 : 0) }

  /// Takes in that somebody approved it. Who did so first has approved the commit.
  ///
  /// - Parameter missed: the jobs that cannot be built now.
  package mutating func approve(by who: String, missing missed: [JobName]) {
    rounds = approvals + 1
    request.approvedBy = request.approvedBy ?? who
    self.missed = missed.isEmpty ? nil : missed
  }

  /// So many are kept of one repository. Anybody can make more: then those that came first fall out.
  package static let mostOfRepository = 200
  /// What nobody has approved after so long falls out.
  package static let lifetime = Duration.seconds(90 * 86_400)
}
