package import Model

/// What a slot holds, at which version of its node.
package struct SlotState: Hashable, Sendable {
  package var record: SlotRecord?
  package var version: Int

  package init(record: SlotRecord?, version: Int) {
    self.record = record
    self.version = version
  }
}

/// The claim was taken away: the session was lost, or recovery gave the ticket to somebody else. Whatever was done under it
/// counts for nothing.
package struct ClaimLost: Error {
  package let token: String

  package init(token: String) {
    self.token = token
  }
}

/// What a slot does when its work is finished.
package enum AfterFinish: Hashable, Sendable {
  /// Waits for a ticket.
  case park
  /// Takes the next ticket from the queue in the same transaction; waits if there is none.
  case takeNext
  /// Takes no more.
  case stop
}

/// One place in a worker process where one ticket at a time is worked on, seen from its owner. All that it does is one
/// transaction each.
package struct Slot: Sendable {
  package let id: SlotID
  package let kind: TaskKind
  package let labels: Set<Label>
  private let session: any CoordinationSession
  private let poster: TicketPoster
  private let queues: QueueHead
  private let hints: DispatchHints
  private let now: @Sendable () -> Timestamp

  package init(
    id: SlotID, kind: TaskKind, labels: Set<Label>, session: any CoordinationSession,
    hints: DispatchHints = DispatchHints(), now: @escaping @Sendable () -> Timestamp
  ) {
    self.id = id
    self.kind = kind
    self.labels = labels
    self.session = session
    self.hints = hints
    self.now = now
    poster = TicketPoster(session: session, hints: hints, now: now)
    queues = QueueHead(session: session, hints: hints, now: now)
  }

  package var path: NodePath { NodeMap.slot(id) }

  private func idleEntry(_ version: Int) -> NodePath {
    NodeMap.idleEntry(IdleEntry(slot: id, version: version), QueueClass(kind: kind, labels: labels))
  }

  private func makeRoomToPark() async throws {
    if let bucket = idleEntry(0).parent { try await session.createAll(bucket) }
  }

  /// Enters the idle list.
  ///
  /// - Parameter version: the version at which the slot is free.
  package func park(_ version: Int) async throws {
    do {
      // The check keeps an entry from standing there again after it was seen, used and removed.
      let changes: [Change] = [.check(path, expecting: version), .create(idleEntry(version), [], .session)]
      try await session.commit(changes) { try await session.read(idleEntry(version)) != nil }
    } catch let error as CoordinationError where error.code == .noNode && error.changeIndex == 1 {
      try await makeRoomToPark()
      try await park(version)
    } catch let error as CoordinationError where error.code == .nodeExists || error.code == .badVersion {
      // Parked already, or handed a ticket already.
      return
    }
  }

  /// Leaves the idle list.
  ///
  /// - Throws: ``CoordinationError`` with `noNode` when the slot was not parked at this version, or was just handed a
  ///   ticket.
  package func unpark(_ version: Int) async throws {
    try await session.commit([.delete(idleEntry(version), expecting: nil)]) {
      try await session.read(idleEntry(version)) == nil
    }
  }

  /// Takes the first ticket that it can from the queues into the free, parked slot.
  ///
  /// - Returns: the new state; `nil` when there is no ticket, or when a poster has handed one over in the meantime.
  package func claimFromQueue(_ version: Int) async throws -> SlotState? {
    while let next = try await queues.next(kind, offering: labels) {
      let (record, claim) = try claiming(next, version)
      let leave = Change.delete(idleEntry(version), expecting: nil)
      do {
        try await session.commit([leave, .delete(next.entry.path, expecting: nil)] + claim) {
          // A poster may have handed over another ticket, at this very version of the slot and so with the same token.
          guard let held = try await session.read(path).flatMap(SlotRecord.decode) else { return false }
          return held.token == record.token && held.ticket.build == record.ticket.build
            && held.ticket.name == record.ticket.name
        }
        queues.won(next)
        return SlotState(record: record, version: version + 1)
      } catch let error as CoordinationError where error.isOvertaken {
        switch error.changeIndex {
        case 0, 2:
          queues.putBack(next)
          return nil
        case 3: try await dropOrphan(next, error)
        default: queues.lost(next.entry)
        }
      } catch {
        // The queue outlives the session: for the process's next one, the ticket must not be one that somebody reached for.
        queues.putBack(next)
        throw error
      }
    }
    return nil
  }

  /// Ends the work under a claim: releases it, posts what follows from it, and goes on as told, in one transaction.
  ///
  /// - Parameters:
  ///   - held: the claim, at the version last seen.
  ///   - changes: come first in the transaction.
  ///   - look: see ``TicketPoster/look(for:)``.
  ///   - tickets: what follows from the claim as it is in the end; it may have been cancelled since it was last seen.
  /// - Returns: the slot's state afterwards.
  /// - Throws: ``ClaimLost``, and then nothing was done; ``CoordinationError`` when one of `changes` could not be made.
  package func finish(
    _ held: SlotState, with changes: [Change] = [], posting tickets: (SlotRecord) -> [Ticket],
    knowing look: IdleLook = IdleLook(), then next: AfterFinish
  ) async throws -> SlotState {
    guard var record = held.record else { return held }
    var version = held.version
    var isBuildGone = false
    while true {
      let following = next == .takeNext ? try await queues.next(kind, offering: labels) : nil
      let (advance, state) = try advancing(to: following, version: version, next)
      let first = changes + (isBuildGone ? [] : Claiming.release(record.ticket))
      do {
        try await poster.post(isBuildGone ? [] : tickets(record), with: first + advance, knowing: look) {
          try await !holds(record.token)
        }
        if let following { queues.won(following) }
        return state
      } catch {
        // Whatever went wrong, it was not this ticket that somebody else took, unless it is said below.
        if let following { queues.putBack(following) }
        guard let error = error as? CoordinationError, error.isOvertaken, let index = error.changeIndex,
          index >= changes.count
        else { throw error }
        switch index - first.count {
        case ..<0:
          // The claim is gone from the build although the slot still has it: the build itself was removed.
          (record, version) = try await stillHeld(record.token)
          isBuildGone = true
        case 0: (record, version) = try await stillHeld(record.token)
        case 1: if let following { queues.lost(following.entry) } else { try await makeRoomToPark() }
        default: if let following { try await dropOrphan(following, error) }
        }
      }
    }
  }

  /// The same where what follows is known already.
  package func finish(
    _ held: SlotState, with changes: [Change] = [], posting tickets: [Ticket] = [], knowing look: IdleLook = IdleLook(),
    then next: AfterFinish
  ) async throws -> SlotState {
    try await finish(held, with: changes, posting: { _ in tickets }, knowing: look, then: next)
  }

  /// The slot's write first; then the queue's entry and the new claim, or the entry in the idle list.
  private func advancing(
    to following: QueuedTicket?, version: Int, _ next: AfterFinish
  ) throws -> ([Change], SlotState) {
    if let following {
      let (record, claim) = try claiming(following, version)
      let changes = [claim[0], .delete(following.entry.path, expecting: nil)] + claim.dropFirst()
      return (changes, SlotState(record: record, version: version + 1))
    }
    let free = Change.write(path, [], expecting: version)
    let idle = Change.create(idleEntry(version + 1), [], .session)
    return (next == .stop ? [free] : [free, idle], SlotState(record: nil, version: version + 1))
  }

  /// What the slot holds once it has claimed a ticket out of a queue, and the changes by which it does.
  private func claiming(_ queued: QueuedTicket, _ version: Int) throws -> (SlotRecord, [Change]) {
    let claiming = Claiming(
      queued.ticket, queuedAs: queued.bytes, into: id, version: version, at: now(), hints)
    return (claiming.record, try claiming.changes())
  }

  /// What the slot's node says: the claim; `nil` when the slot is free.
  package func record(in node: Node) throws -> SlotRecord? {
    try hints.withClaims { $0.value(of: node.data, at: path) } ?? SlotRecord.decode(node)
  }

  private func holds(_ token: String) async throws -> Bool {
    guard let node = try await session.read(path) else { return false }
    return try record(in: node)?.token == token
  }

  /// - Throws: ``ClaimLost``.
  private func stillHeld(_ token: String) async throws -> (SlotRecord, version: Int) {
    guard let node = try await session.read(path), let record = try record(in: node), record.token == token
    else {
      throw ClaimLost(token: token)
    }
    return (record, node.version)
  }

  /// Removes a ticket from its queue whose build is no more.
  private func dropOrphan(_ queued: QueuedTicket, _ error: CoordinationError) async throws {
    guard error.code == .noNode else { throw error }
    try await session.remove(queued.entry.path)
  }
}
