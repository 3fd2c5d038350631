/// The place that a task has at the environment that it deploys to, from when it could be posted until it has ended.
package struct EnvironmentPlace: Hashable, Sendable, Codable {
  package enum Status: String, Hashable, Sendable, Codable {
    /// Nobody has approved it yet.
    case unapproved
    /// Others deploy before it.
    case waits
    /// It holds the environment's lock.
    case holds
  }

  package var environment: DeployTarget
  package var status: Status
  /// Since when that is so.
  package var since: Timestamp
  /// Of one that holds the lock: numbers all that ever did, in their order.
  package var position: Int?

  package init(_ status: Status, at environment: DeployTarget, since: Timestamp, position: Int? = nil) {
    self.environment = environment
    self.status = status
    self.since = since
    self.position = position
  }
}

/// That somebody let a task of a build deploy.
package struct Approval: Hashable, Sendable, Codable {
  package var by: String
  package var at: Timestamp

  package init(by: String, at: Timestamp) {
    self.by = by
    self.at = at
  }
}
