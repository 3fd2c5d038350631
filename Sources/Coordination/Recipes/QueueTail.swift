package import Model

/// Where new tickets of one class go: a chain of buckets in the order of their names, each named after the ticket that
/// opened it and holding those that come at or after it.
package struct QueueTail: Sendable {
  private let path: NodePath
  /// Sorted.
  private var buckets: [String]
  private var counts: [String: Int] = [:]

  /// Reads the chain, creating the queue on its first use.
  package init(session: any CoordinationSession, queue: QueueClass) async throws {
    path = NodeMap.queue(queue)
    if let found = try await session.children(of: path) {
      buckets = found
    } else {
      try await session.createAll(path)
      buckets = []
    }
  }

  /// The changes that put a ticket in its place, and the path of its entry then.
  package mutating func append(
    _ ticket: Ticket, _ session: any CoordinationSession
  ) async throws -> (entry: NodePath, changes: [Change]) {
    let name = TicketOrder.name(of: ticket)
    let data = try JSONBytes.encode(ticket)
    if let bucket = buckets.last(where: { $0 <= name }) ?? buckets.first {
      let count = try await count(of: bucket, session)
      // A bucket that this very ticket opened takes it again, also when it is full.
      if count < NodeMap.bucketSize || bucket == name {
        counts[bucket] = count + 1
        return (path / bucket / name, [.create(path / bucket / name, data, .persistent)])
      }
    }
    buckets.append(name)
    buckets.sort()
    counts[name] = 1
    let entry = path / name / name
    return (entry, [.create(path / name, [], .persistent), .create(entry, data, .persistent)])
  }

  private func count(of bucket: String, _ session: any CoordinationSession) async throws -> Int {
    if let known = counts[bucket] { return known }
    return try await session.read(path / bucket)?.childCount ?? 0
  }
}
