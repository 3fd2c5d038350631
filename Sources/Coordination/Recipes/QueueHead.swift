package import Model

/// A ticket at the head of its queue.
package struct QueuedTicket: Sendable {
  package let ticket: Ticket
  package let entry: QueueEntry
}

/// The heads of the queues that a slot may take from.
package struct QueueHead: Sendable {
  private let session: any CoordinationSession
  private let hints: DispatchHints
  private let now: @Sendable () -> Timestamp

  package init(session: any CoordinationSession, hints: DispatchHints, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.hints = hints
    self.now = now
  }

  /// The first ticket of a kind for which these labels are enough; `nil` only when the queues have just been read and were
  /// empty. Of a deep queue, or when many claim at the same time, it may be one a little further back; see ``HeadHints``.
  package func next(_ kind: TaskKind, offering labels: Set<Label>) async throws -> QueuedTicket? {
    while true {
      var heads: [QueueEntry] = []
      for wanted in try await session.children(of: NodeMap.queues(kind)) ?? [] {
        guard labels.isSuperset(of: NodeMap.labels(ofComponent: wanted)) else { continue }
        if let entry = try await head(of: NodeMap.queues(kind) / wanted) { heads.append(entry) }
      }
      guard let first = heads.min() else { return nil }
      for entry in heads where entry != first { hints.withHead(entry.queue) { $0.putBack(entry) } }
      if let ticket = try await read(first) { return ticket }
      lost(first)
    }
  }

  /// The first ticket of one queue; `nil` when there is none.
  package func next(in queue: NodePath) async throws -> QueuedTicket? {
    while true {
      var reader = try await openReader(queue)
      guard let entry = try await reader.head().first else { return nil }
      if let ticket = try await read(entry) { return ticket }
    }
  }

  /// Told when a ticket was claimed, so that claimers come closer to the head again.
  package func won(_ ticket: QueuedTicket) { hints.withHead(ticket.entry.queue) { $0.won() } }

  /// Told when somebody else was quicker.
  package func lost(_ entry: QueueEntry) { hints.withHead(entry.queue) { $0.lost() } }

  /// Told when a ticket was not claimed after all.
  package func putBack(_ ticket: QueuedTicket) { hints.withHead(ticket.entry.queue) { $0.putBack(ticket.entry) } }

  private func head(of queue: NodePath) async throws -> QueueEntry? {
    let time = now()
    if let known = hints.withHead(queue, { $0.next(now: time) }) { return known }
    var reader = try await openReader(queue)
    let entries = try await reader.head()
    guard !entries.isEmpty else { return nil }
    let isDeep = entries.count >= HeadHints.deep || reader.following >= HeadHints.deepParts
    return hints.withHead(queue) { $0.pick(entries, isDeep: isDeep, now: time, hints.randomness) }
  }

  private func openReader(_ queue: NodePath) async throws -> QueueReader {
    var reader = QueueReader(session: session, queue: queue, removingEmptyFoldersWith: hints)
    try await reader.open()
    return reader
  }

  private func read(_ entry: QueueEntry) async throws -> QueuedTicket? {
    guard let node = try await session.read(entry.path) else { return nil }
    return QueuedTicket(ticket: try JSONBytes.decode(Ticket.self, from: node.data), entry: entry)
  }
}
