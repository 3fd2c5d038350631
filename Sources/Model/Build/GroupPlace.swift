/// A build's place in its concurrency group.
package struct GroupPlace: Hashable, Sendable, Codable {
  package enum Status: Hashable, Sendable, Codable {
    case holds
    /// Until builds before it have ended.
    case waits
    /// It came when the group was full, and its job does not wait: the build that held the group then.
    case refused(BuildID)
  }

  /// The group's name.
  package var group: String
  package var status: Status
  /// Since when that is so.
  package var since: Timestamp

  package init(group: String, status: Status, since: Timestamp) {
    self.group = group
    self.status = status
    self.since = since
  }
}
