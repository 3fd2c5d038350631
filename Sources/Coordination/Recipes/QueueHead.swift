package import Model

/// A ticket at the head of its queue.
package struct QueuedTicket: Sendable {
  package let ticket: Ticket
  package let entry: QueueEntry
  /// The ticket, as it stands there.
  let bytes: [UInt8]
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

  /// The first ticket of a kind for which these labels are enough, and none of its own is paused; `nil` only when the queues
  /// have just been read and had none. Of a deep queue, or when many claim at the same time, it may be one a little further back; see ``HeadHints``.
  package func next(_ kind: TaskKind, offering labels: Set<Label>) async throws -> QueuedTicket? {
    while true {
      let heads = try await heads(kind, offering: labels)
      guard let first = heads.min() else { return nil }
      for entry in heads where entry != first { putBack(entry) }
      do {
        if let ticket = try await read(first) { return ticket }
      } catch {
        putBack(first)
        throw error
      }
      lost(first)
    }
  }

  /// One entry of each queue that may be taken from. They are reached for, and are put back if not used.
  private func heads(_ kind: TaskKind, offering labels: Set<Label>) async throws -> [QueueEntry] {
    var heads: [QueueEntry] = []
    do {
      for wanted in try await session.settledChildren(of: NodeMap.queues(kind)) ?? [] {
        let asked = NodeMap.labels(ofComponent: wanted)
        guard labels.isSuperset(of: asked) else { continue }
        guard let entry = try await head(of: NodeMap.queues(kind) / wanted) else { continue }
        heads.append(entry)
        if try await LabelPauses(session: session).hold(asked) { putBack(heads.removeLast()) }
      }
      return heads
    } catch {
      for entry in heads { putBack(entry) }
      throw error
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
  package func won(_ ticket: QueuedTicket) {
    hints.withHead(ticket.entry.queue) { $0.won() }
    hints.withTickets { $0.forget(ticket.entry.path) }
  }

  /// Told when somebody else was quicker.
  package func lost(_ entry: QueueEntry) { hints.withHead(entry.queue) { $0.lost() } }

  /// Told when a ticket was not claimed after all.
  package func putBack(_ ticket: QueuedTicket) { putBack(ticket.entry) }

  private func putBack(_ entry: QueueEntry) { hints.withHead(entry.queue) { $0.putBack(entry) } }

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
    let written = hints.withTickets { $0.value(of: node.data, at: entry.path) }
    let ticket = try written ?? JSONBytes.decode(Ticket.self, from: node.data)
    return QueuedTicket(ticket: ticket, entry: entry, bytes: node.data)
  }
}
