package import Model

/// Posts tickets: puts each into the hands of a parked slot where there is one, and into its queue otherwise.
///
/// No wake-up is lost. A slot first enters the idle list and then reads the queues; a poster first writes to the queue and
/// then reads the idle list. Writes are totally ordered and each side reads after its own write, so at least one of the two
/// sees the other. Hints may tell a poster of a parked slot before it writes; once a ticket has been queued, only the list
/// itself counts.
package struct TicketPoster: Sendable {
  private let session: any CoordinationSession
  let hints: DispatchHints
  private let now: @Sendable () -> Timestamp

  package init(
    session: any CoordinationSession, hints: DispatchHints = DispatchHints(),
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.session = session
    self.hints = hints
    self.now = now
  }

  /// Posts the tickets and makes the changes, in one transaction.
  ///
  /// - Parameters:
  ///   - tickets: those of one job that are queued keep their order.
  ///   - changes: come first in the transaction.
  ///   - look: see ``look(for:)``.
  ///   - committed: see ``CoordinationSession/commit(_:committed:)``.
  /// - Throws: ``CoordinationError`` with the index of the one of `changes` that could not be made. Nothing was posted then.
  package func post(
    _ tickets: [Ticket], with changes: [Change] = [], knowing look: IdleLook = IdleLook(),
    committed: () async throws -> Bool
  ) async throws {
    var tickets = tickets
    var idle = IdlePicker(session: session, hints: hints, now: now(), known: look)
    while true {
      let posting = try await place(tickets, &idle)
      do {
        try await session.commit(changes + posting.changes, committed: committed)
        idle.keepRest()
        return try await offer(posting.queued)
      } catch let error as CoordinationError {
        guard let index = error.changeIndex, index >= changes.count, error.isOvertaken else { throw error }
        guard let (placement, change) = posting.placement(ofChange: index - changes.count) else { continue }
        if change.path == placement.ticket.placePath {
          throw CoordinationError(
            .refused, path: change.path, message: "the ticket is posted already, or its build is gone")
        }
        switch placement {
        case .handed(let slot, _, _): idle.isStale(slot)
        case .queued(let queued, _) where error.code == .nodeExists && change.path == queued.entry.path:
          // The very same ticket stands in its queue already: it need not be posted again, only offered.
          tickets.removeAll { $0 == queued.ticket }
          try await offer([queued])
        case .queued: break
        }
      }
    }
  }

  /// Looks for parked slots for tickets of these classes that are about to be posted, while there is something else to wait for.
  /// What is found may be out of date soon, which ``post(_:with:knowing:committed:)`` finds out.
  package func look(for queues: Set<QueueClass>) async throws -> IdleLook {
    var picker = IdlePicker(session: session, hints: hints, now: now())
    return try await picker.look(for: queues)
  }

  /// Takes tickets that stand in queues to parked slots, as long as there are any.
  private func offer(_ queued: [QueuedTicket]) async throws {
    for (queue, tickets) in Dictionary(grouping: queued, by: \.ticket.queue).sorted(by: { $0.key < $1.key }) {
      guard try await !pauses.hold(queue.labels) else { continue }
      var idle = ParkedSlots(session: session, queue: queue, hints: hints, now: now())
      for ticket in tickets where try await !offer(ticket, to: &idle) { break }
    }
  }

  /// Takes a ticket that stands in a queue to a parked slot, if there is one and nobody was quicker.
  ///
  /// - Parameter idle: read from the store after the ticket was queued.
  /// - Returns: whether it has left the queue.
  package func offer(_ queued: QueuedTicket, to idle: inout ParkedSlots) async throws -> Bool {
    let entry = queued.entry.path
    while let slot = try await idle.next(for: queued.ticket) {
      let changes =
        [.delete(entry, expecting: nil)] + (try handing(queued.ticket, queuedAs: queued.bytes, to: slot))
      do {
        try await session.commit(changes) { try await session.read(entry) == nil }
        return true
      } catch let error as CoordinationError where error.isOvertaken {
        if error.changeIndex == 0 { return true }
        if error.changeIndex == 3 {
          // Its build is gone.
          try await session.remove(entry)
          return true
        }
      }
    }
    return false
  }

  private var pauses: LabelPauses { LabelPauses(session: session) }

  private func place(_ tickets: [Ticket], _ idle: inout IdlePicker) async throws -> Posting {
    var queues: [QueueClass: QueueTail] = [:]
    var posting = Posting()
    idle.begin(tickets)
    var held: [QueueClass: Bool] = [:]
    for ticket in tickets {
      let queue = ticket.queue
      if held[queue] == nil { held[queue] = try await pauses.hold(queue.labels) }
      if held[queue] == false, let slot = try await idle.next(for: ticket) {
        posting.placements.append(.handed(slot, ticket, try handing(ticket, to: slot)))
      } else {
        if queues[queue] == nil { queues[queue] = try await QueueTail(session: session, queue: queue, now: now()) }
        guard let (queued, changes) = try await queues[queue]?.append(ticket) else { continue }
        hints.withTickets { $0.note(ticket, as: queued.bytes, at: queued.entry.path) }
        posting.placements.append(.queued(queued, changes))
      }
    }
    posting.shares = queues.sorted { $0.key < $1.key }.flatMap { $1.shareChanges() }
    return posting
  }

  private func handing(_ ticket: Ticket, queuedAs bytes: [UInt8]? = nil, to slot: ParkedSlot) throws -> [Change] {
    let claiming = Claiming(
      ticket, queuedAs: bytes, into: slot.entry.slot, version: slot.entry.version, at: now(), hints)
    return [.delete(slot.path, expecting: nil)] + (try claiming.changes())
  }
}

/// Where each of the tickets of one posting goes.
private struct Posting {
  enum Placement {
    case handed(ParkedSlot, Ticket, [Change])
    case queued(QueuedTicket, [Change])

    var changes: [Change] {
      switch self {
      case .handed(_, _, let changes), .queued(_, let changes): changes
      }
    }

    var ticket: Ticket {
      switch self {
      case .handed(_, let ticket, _): ticket
      case .queued(let queued, _): queued.ticket
      }
    }
  }

  var placements: [Placement] = []
  var shares: [Change] = []

  var changes: [Change] { placements.flatMap(\.changes) + shares }

  var queued: [QueuedTicket] {
    placements.compactMap { if case .queued(let queued, _) = $0 { queued } else { nil } }
  }

  /// The placement that has a change, and that change; `nil` when it is one of a share.
  func placement(ofChange index: Int) -> (Placement, Change)? {
    var start = 0
    for placement in placements {
      if index < start + placement.changes.count { return (placement, placement.changes[index - start]) }
      start += placement.changes.count
    }
    return nil
  }
}

extension Ticket {
  /// The node that says where the ticket is, if it has one.
  fileprivate var placePath: NodePath? {
    guard case .attempt = work else { return nil }
    return NodeMap.place(of: build, ticket: name)
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
