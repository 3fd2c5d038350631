package import Model

/// What one transaction changes about concurrency groups. A group is one node, which holds who has a place in it, and below it
/// those that wait, each with the ticket that starts it. Every change writes the group's node at the version that was read, so
/// changes of a group have one order, its queue is exact, and each build that waits is started once: in the transaction that
/// frees a place.
package struct GroupBook: Sendable {
  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp
  /// By the digests of their names.
  private var groups: [String: OpenGroup] = [:]
  /// What starts the builds that come in this transaction.
  private var starts: [BuildID: Ticket] = [:]

  /// So many builds may wait for one group.
  package static let mostWaiting = NodeMap.bucketSize
  /// So many builds at most does one build take the place of; what is more goes on waiting.
  package static let mostSuperseded = 100

  private struct OpenGroup: Sendable {
    var record: GroupRecord
    /// `nil` for a group that is not there yet.
    var version: Int?
    /// The names of those that wait, in their order.
    var waiting: [String]
    var added: [String: Ticket] = [:]
    var removed: [String] = []
    var isChanged = false
  }

  /// What became of a build that came to a group.
  package struct Entry: Sendable {
    package var place: GroupPlace
    /// Builds that it takes the place of: they are to be told.
    package var superseded: [Superseded] = []
  }

  package struct Superseded: Sendable {
    package var build: BuildID
    /// What starts it, when it comes in the same transaction and can be read nowhere yet.
    package var start: Ticket?
  }

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// Lets a build in, or has it wait.
  ///
  /// - Parameters:
  ///   - start: the ticket that starts it; to be posted by the caller unless it waits.
  ///   - digest: of the group's name, in hexadecimal.
  /// - Throws: ``GroupFull``.
  package mutating func enter(_ start: Ticket, _ concurrency: Concurrency, digest: String) async throws -> Entry {
    var group = try await open(digest, concurrency)
    defer {
      groups[digest] = group
      starts[start.build] = start
    }
    group.record.limit = concurrency.limit
    let place = GroupPlace(group: concurrency.group, status: .holds, since: now())
    if group.waiting.isEmpty, group.record.holders.count < concurrency.limit {
      group.record.holders.append(GroupRecord.Holder(build: start.build, since: place.since))
      group.isChanged = true
      return Entry(place: place)
    }
    var entry = Entry(place: place)
    if concurrency.whenBusy == .skip {
      entry.place.status = .refused(group.record.holders.first?.build ?? start.build)
      return entry
    }
    if concurrency.whenBusy == .cancelOlder {
      entry.superseded = supersede(in: &group).map { Superseded(build: $0, start: starts[$0]) }
    }
    guard group.waiting.count < Self.mostWaiting else { throw GroupFull(group: concurrency.group) }
    let name = Self.name(group.record.next, start.build)
    group.record.next += 1
    group.waiting.append(name)
    group.added[name] = start
    group.isChanged = true
    entry.place.status = .waits
    return entry
  }

  /// Those that wait leave the queue at once; those that hold a place leave it as they end.
  private func supersede(in group: inout OpenGroup) -> [BuildID] {
    let holders = group.record.holders.prefix(Self.mostSuperseded).map(\.build)
    let names = group.waiting.prefix(Self.mostSuperseded - holders.count)
    group.waiting.removeFirst(names.count)
    for name in names where group.added.removeValue(forKey: name) == nil { group.removed.append(name) }
    return holders + names.compactMap(Self.build(ofName:))
  }

  /// Lets a build out, whether it held a place or waited; nothing is changed when it did neither.
  ///
  /// - Returns: the tickets of the builds that come in for it.
  package mutating func leave(_ build: BuildID, digest: String) async throws -> [Ticket] {
    guard var group = try await openExisting(digest) else { return [] }
    let waiting = group.waiting.filter { Self.build(ofName: $0) == build }
    guard group.record.holders.contains(where: { $0.build == build }) || !waiting.isEmpty else { return [] }
    group.record.holders.removeAll { $0.build == build }
    group.waiting.removeAll { waiting.contains($0) }
    for name in waiting where group.added.removeValue(forKey: name) == nil { group.removed.append(name) }
    group.isChanged = true
    let started = try await advance(&group, digest)
    groups[digest] = group
    return started
  }

  /// Fills the places that are free.
  private func advance(_ group: inout OpenGroup, _ digest: String) async throws -> [Ticket] {
    var started: [Ticket] = []
    while group.record.holders.count < group.record.limit, let name = group.waiting.first {
      let ticket: Ticket
      if let added = group.added.removeValue(forKey: name) {
        ticket = added
      } else {
        let path = NodeMap.group(digest) / name
        guard let node = try await session.read(path) else {
          throw CoordinationError(.badVersion, path: path, message: "the group has moved on")
        }
        ticket = try JSONBytes.decode(Ticket.self, from: node.data)
        group.removed.append(name)
      }
      group.waiting.removeFirst()
      group.record.holders.append(GroupRecord.Holder(build: ticket.build, since: now()))
      started.append(ticket)
    }
    return started
  }

  /// What makes all that true, provided that no group has changed meanwhile.
  package var changes: [Change] {
    get throws {
      try groups.sorted { $0.key < $1.key }.filter(\.value.isChanged).flatMap { try changes(of: $0.value, $0.key) }
    }
  }

  private func changes(of group: OpenGroup, _ digest: String) throws -> [Change] {
    let path = NodeMap.group(digest)
    let isOver = group.record.holders.isEmpty && group.waiting.isEmpty
    var record = group.record
    record.emptied = isOver ? now() : nil
    let data = try JSONBytes.encode(record)
    let removals = group.removed.map { Change.delete(path / $0, expecting: nil) }
    guard let version = group.version else {
      return isOver ? [] : [.create(path, data, .persistent)] + (try additions(of: group, path))
    }
    return [.write(path, data, expecting: version)] + removals + (try additions(of: group, path))
  }

  private func additions(of group: OpenGroup, _ path: NodePath) throws -> [Change] {
    try group.added.sorted { $0.key < $1.key }.map { name, ticket in
      .create(path / name, try JSONBytes.encode(ticket), .persistent)
    }
  }

  private func open(_ digest: String, _ concurrency: Concurrency) async throws -> OpenGroup {
    try await openExisting(digest)
      ?? OpenGroup(
        record: GroupRecord(name: concurrency.group, limit: concurrency.limit), version: nil, waiting: [])
  }

  private func openExisting(_ digest: String) async throws -> OpenGroup? {
    if let known = groups[digest] { return known }
    let path = NodeMap.group(digest)
    guard let node = try await session.read(path) else { return nil }
    return OpenGroup(
      record: try JSONBytes.decode(GroupRecord.self, from: node.data), version: node.version,
      waiting: try await session.children(of: path) ?? [])
  }

  private static func name(_ position: Int, _ build: BuildID) -> String {
    let digits = String(position)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    return "\(padded)~\(build.job.rawValue)~\(build.number)"
  }

  private static func build(ofName name: String) -> BuildID? {
    let parts = name.split(separator: "~")
    guard parts.count == 3, let job = try? JobName(String(parts[1])), let number = Int(parts[2]) else { return nil }
    return BuildID(job: job, number: number)
  }
}

/// As many builds wait for a group as may.
package struct GroupFull: Error {
  package let group: String
}
