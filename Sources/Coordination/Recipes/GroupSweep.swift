package import Model

/// Removes groups that have been empty for long, and frees what builds hold that are gone: they leave their group as they end, in one transaction, so there are none unless
/// somebody removed a build by hand, or a store came back from a backup. A bucket at a time, so that no sweep is long.
package struct GroupSweep: Sendable {
  private let session: any CoordinationSession
  private let poster: TicketPoster
  private let now: @Sendable () -> Timestamp
  private var bucket = 0

  /// So long an empty group is kept: longer than any session that has read it can be about to write it.
  package static let lifetime = Duration.seconds(3_600)

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
    poster = TicketPoster(session: session, now: now)
  }

  /// Sweeps the next bucket.
  package mutating func step() async throws {
    let buckets = try await session.children(of: NodeMap.groups) ?? []
    guard !buckets.isEmpty else { return }
    let path = NodeMap.groups / buckets[bucket % buckets.count]
    bucket += 1
    for digest in try await session.children(of: path) ?? [] {
      guard let node = try await session.read(path / digest) else { continue }
      let record = try JSONBytes.decode(GroupRecord.self, from: node.data)
      if let emptied = record.emptied {
        if now().since(emptied) > Self.lifetime { try await remove(path / digest, node.version) }
        continue
      }
      // What holds the group was made together with its holding it, which was just read: where it is not, it is gone.
      for holder in record.holders where try await session.read(NodeMap.build(holder.build)) == nil {
        try await free(holder.build, digest)
      }
    }
  }

  private func remove(_ group: NodePath, _ version: Int) async throws {
    do {
      try await session.delete(group, expecting: version)
    } catch let error as CoordinationError where error.isOvertaken {
      return
    }
  }

  private func free(_ build: BuildID, _ digest: String) async throws {
    do {
      var book = GroupBook(session: session, now: now)
      let tickets = try await book.leave(build, digest: digest)
      // A repeated start does nothing.
      try await poster.post(tickets, with: try book.changes) { false }
    } catch let error as CoordinationError where error.isOvertaken {
      return
    }
  }
}
