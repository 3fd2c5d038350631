package import Model

/// Posts tickets: puts each into the hands of a parked slot where there is one, and into its queue otherwise.
///
/// No wake-up is lost. A slot first enters the idle list and then reads the queues; a poster first writes to the queue and
/// then reads the idle list. Writes are totally ordered and each side reads after its own write, so at least one of the two
/// sees the other.
package struct TicketPoster: Sendable {
  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// Posts the tickets and makes the changes, in one transaction.
  ///
  /// - Parameters:
  ///   - changes: come first in the transaction.
  ///   - committed: see ``CoordinationSession/commit(_:committed:)``.
  /// - Throws: ``CoordinationError`` with the index of the one of `changes` that could not be made. Nothing was posted then.
  package func post(
    _ tickets: [Ticket], with changes: [Change] = [], committed: () async throws -> Bool
  ) async throws {
    var stale: Set<IdleEntry> = []
    var tickets = tickets
    while true {
      let placements = try await place(tickets, avoiding: stale)
      do {
        try await session.commit(changes + placements.flatMap(\.changes), committed: committed)
        for case .queued(let ticket, let entry, _) in placements { _ = try await offer(ticket, at: entry) }
        return
      } catch let error as CoordinationError {
        guard let index = error.changeIndex, index >= changes.count, error.isOvertaken else { throw error }
        switch failed(placements, at: index - changes.count) {
        case .handed(let slot, _): stale.insert(slot.entry)
        case .queued(let ticket, let entry, _) where error.code == .nodeExists && error.path == entry:
          // The very same ticket stands in its queue already: it need not be posted again, only offered.
          tickets.removeAll { $0 == ticket }
          _ = try await offer(ticket, at: entry)
        case .queued, nil: break
        }
      }
    }
  }

  /// The placement that has the change at an index.
  private func failed(_ placements: [Placement], at index: Int) -> Placement? {
    var end = 0
    return placements.first { placement in
      end += placement.changes.count
      return index < end
    }
  }

  /// Takes a ticket that stands in a queue to a parked slot, if there is one and nobody was quicker.
  ///
  /// - Returns: whether it has left the queue.
  package func offer(_ ticket: Ticket, at entry: NodePath) async throws -> Bool {
    for idle in try await IdleList(session: session).slots(for: ticket.queue) {
      let changes = [.delete(entry, expecting: nil)] + (try handing(ticket, to: idle))
      do {
        try await session.commit(changes) { try await session.read(entry) == nil }
        return true
      } catch let error as CoordinationError where error.isOvertaken {
        if error.changeIndex == 0 { return true }
        if error.changeIndex == 3, error.code == .noNode {
          // Its build is gone.
          try? await session.delete(entry)
          return true
        }
      }
    }
    return false
  }

  private func place(_ tickets: [Ticket], avoiding stale: Set<IdleEntry>) async throws -> [Placement] {
    var idle: [QueueClass: [ParkedSlot]] = [:]
    var queues: [QueueClass: QueueTail] = [:]
    var placements: [Placement] = []
    var taken = stale
    for ticket in tickets {
      let queue = ticket.queue
      if idle[queue] == nil { idle[queue] = try await IdleList(session: session).slots(for: queue) }
      if let slot = idle[queue]?.first(where: { !taken.contains($0.entry) }) {
        taken.insert(slot.entry)
        placements.append(.handed(slot, try handing(ticket, to: slot)))
      } else {
        if queues[queue] == nil { queues[queue] = try await QueueTail(session: session, queue: queue) }
        guard let (entry, changes) = try await queues[queue]?.append(ticket, session) else { continue }
        placements.append(.queued(ticket, entry, changes))
      }
    }
    return placements
  }

  private func handing(_ ticket: Ticket, to slot: ParkedSlot) throws -> [Change] {
    [.delete(slot.path, expecting: nil)]
      + (try Claiming.changes(ticket, into: slot.entry.slot, version: slot.entry.version, at: now()))
  }

  private enum Placement {
    case handed(ParkedSlot, [Change])
    case queued(Ticket, NodePath, [Change])

    var changes: [Change] {
      switch self {
      case .handed(_, let changes), .queued(_, _, let changes): changes
      }
    }
  }
}

extension CoordinationError {
  /// Whether somebody else was quicker, so that looking again leads on.
  package var isOvertaken: Bool {
    switch code {
    case .noNode, .nodeExists, .badVersion, .notEmpty: true
    default: false
    }
  }
}
