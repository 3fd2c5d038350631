package import Model

/// A concurrency group that some build holds, or waits for, or did not long ago: a node that is removed and made again counts
/// its versions from the beginning, so whoever had read the old one would write over the new one.
package struct GroupRecord: Hashable, Sendable, Codable {
  package struct Holder: Hashable, Sendable, Codable {
    package var build: BuildID
    package var since: Timestamp
  }

  package var name: String
  /// How many builds may hold it: what the last build to come said.
  package var limit: Int
  /// In the order in which they came in.
  package var holders: [Holder]
  /// The position of the next build that has to wait.
  package var next: Int
  /// Since when nobody holds it, nor waits for it.
  package var emptied: Timestamp?

  package init(name: String, limit: Int, holders: [Holder] = [], next: Int = 0) {
    self.name = name
    self.limit = limit
    self.holders = holders
    self.next = next
  }
}
