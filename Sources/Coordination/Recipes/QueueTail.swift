package import Model

/// Where new tickets of one class go. Good for the tickets of one posting; what it read is out of date after.
package struct QueueTail: Sendable {
  private let session: any CoordinationSession
  private let queue: QueueClass
  private let path: NodePath
  private let now: Timestamp
  private var reader: QueueReader
  /// The virtual time of each priority, and whether it is that of a ticket.
  private var starts: [String: (tag: Int64, isBusy: Bool)] = [:]
  private var shares: [JobName: FairShare] = [:]
  /// The parts of the spans looked at, and how many entries each of those used will have.
  private var parts: [String: Set<String>] = [:]
  private var counts: [NodePath: Int] = [:]

  /// Reads the queue, creating it on its first use.
  package init(session: any CoordinationSession, queue: QueueClass, now: Timestamp) async throws {
    self.session = session
    self.queue = queue
    self.now = now
    path = NodeMap.queue(queue)
    reader = QueueReader(session: session, queue: path)
    if try await !reader.open() { try await session.createAll(path) }
  }

  /// The changes that put a ticket in its place, and where it stands then.
  package mutating func append(_ ticket: Ticket) async throws -> (queued: QueuedTicket, changes: [Change]) {
    let tag = try await tag(for: ticket)
    let span = TicketOrder.span(TicketOrder.level(ticket), tag: tag)
    var changes: [Change] = []
    if parts[span] == nil {
      if let found = try await reader.parts(of: span) {
        parts[span] = Set(found)
      } else {
        changes.append(.create(path / span, [], .persistent))
        parts[span] = []
      }
    }
    let part = try await part(of: span, tag: tag, &changes)
    let entry = QueueEntry(
      queue: path, span: span, part: part, name: TicketOrder.name(of: ticket, tag: tag))
    let bytes = try JSONBytes.encode(ticket)
    changes.append(.create(entry.path, bytes, .persistent))
    if case .attempt = ticket.work {
      let place = try JSONBytes.encode(TicketPlace.queued(QueueRecord(entry: entry.path, since: now)))
      changes.append(.create(NodeMap.place(of: ticket.build, ticket: ticket.name), place, .persistent))
    }
    return (QueuedTicket(ticket: ticket, entry: entry, bytes: bytes), changes)
  }

  /// The changes that keep the shares of the jobs whose tickets were appended.
  package func shareChanges() -> [Change] {
    shares.sorted { $0.key < $1.key }.compactMap { $1.change }
  }

  private mutating func part(of span: String, tag: Int64, _ changes: inout [Change]) async throws -> String {
    let range = TicketOrder.range(tag: tag)
    let last = parts[span]?.filter { $0.hasPrefix(range) }.max()
    if let last {
      let count = try await count(of: path / span / last)
      if count < TicketOrder.partSize {
        counts[path / span / last] = count + 1
        return last
      }
    }
    let number = last.flatMap { Int($0.dropFirst(range.count)) }.map { $0 + 1 } ?? 0
    let part = TicketOrder.part(range, number: number)
    changes.append(.create(path / span / part, [], .persistent))
    parts[span]?.insert(part)
    counts[path / span / part] = 1
    return part
  }

  private func count(of part: NodePath) async throws -> Int {
    if let known = counts[part] ?? reader.counts[part] { return known }
    return try await session.read(part)?.childCount ?? 0
  }

  private mutating func tag(for ticket: Ticket) async throws -> Int64 {
    let start = try await start(TicketOrder.level(ticket))
    guard TicketOrder.isShared(ticket) else { return start.tag }
    let job = ticket.build.job
    var share: FairShare
    if let known = shares[job] {
      share = known
    } else {
      share = try await FairShare(session: session, of: job, in: queue)
      // In an empty queue nobody is ahead of anybody.
      if !start.isBusy { share.finish = nil }
    }
    defer { shares[job] = share }
    return share.take(from: start.tag)
  }

  private mutating func start(_ level: String) async throws -> (tag: Int64, isBusy: Bool) {
    if let known = starts[level] { return known }
    let head = try await reader.head(level).first.flatMap { TicketOrder.tag(ofName: $0.name) }
    let start = (tag: head ?? now.milliseconds, isBusy: head != nil)
    starts[level] = start
    return start
  }
}
