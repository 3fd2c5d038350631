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
  private let now: @Sendable () -> Timestamp

  package init(
    id: SlotID, kind: TaskKind, labels: Set<Label>, session: any CoordinationSession,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.id = id
    self.kind = kind
    self.labels = labels
    self.session = session
    self.now = now
    poster = TicketPoster(session: session, now: now)
  }

  package var path: NodePath { NodeMap.slot(id) }

  private var idleList: NodePath { NodeMap.idle(QueueClass(kind: kind, labels: labels)) }

  private func idleEntry(_ version: Int) -> NodePath { idleList / IdleEntry(slot: id, version: version).name }

  /// Enters the idle list.
  ///
  /// - Parameter version: the version at which the slot is free.
  package func park(_ version: Int) async throws {
    do {
      // The check keeps an entry from standing there again after it was seen, used and removed.
      let changes: [Change] = [.check(path, expecting: version), .create(idleEntry(version), [], .session)]
      try await session.commit(changes) { try await session.read(idleEntry(version)) != nil }
    } catch let error as CoordinationError where error.code == .noNode && error.changeIndex == 1 {
      try await session.createAll(idleList)
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
    var lookahead = 1
    while let next = try await QueueHead(session: session).next(kind, offering: labels, lookahead: lookahead) {
      let claim = try Claiming.changes(next.ticket, into: id, version: version, at: now())
      let leave = Change.delete(idleEntry(version), expecting: nil)
      do {
        try await session.commit([leave, .delete(next.entry, expecting: nil)] + claim) {
          // A poster may have handed over another ticket, at this very version of the slot and so with the same token.
          guard let held = try await session.read(path).flatMap(SlotRecord.decode) else { return false }
          return held.token == id.token(version: version + 1) && held.ticket.build == next.ticket.build
            && held.ticket.name == next.ticket.name
        }
        return try state(claim, version: version + 1)
      } catch let error as CoordinationError where error.isOvertaken {
        switch error.changeIndex {
        case 0, 2: return nil
        case 3: try await dropOrphan(next, error)
        default: lookahead = min(lookahead * 4, 64)
        }
      }
    }
    return nil
  }

  /// Ends the work under a claim: releases it, posts what follows from it, and goes on as told, in one transaction.
  ///
  /// - Parameters:
  ///   - changes: come first in the transaction.
  ///   - held: the claim, at the version last seen.
  /// - Returns: the slot's state afterwards.
  /// - Throws: ``ClaimLost``, and then nothing was done; ``CoordinationError`` when one of `changes` could not be made.
  package func finish(
    _ held: SlotState, with changes: [Change] = [], posting tickets: [Ticket] = [], then next: AfterFinish
  ) async throws -> SlotState {
    guard let record = held.record else { return held }
    var version = held.version
    var lookahead = 1
    var release = Claiming.release(record.ticket)
    var tickets = tickets
    while true {
      let following =
        next == .takeNext
        ? try await QueueHead(session: session).next(kind, offering: labels, lookahead: lookahead) : nil
      let (advance, state) = try advancing(to: following, version: version, next)
      let first = changes + release
      do {
        try await poster.post(tickets, with: first + advance) { try await !holds(record.token) }
        return state
      } catch let error as CoordinationError where error.isOvertaken {
        guard let index = error.changeIndex, index >= changes.count else { throw error }
        switch index - first.count {
        case ..<0:
          // The claim is gone from the build although the slot still has it: the build itself was removed.
          version = try await versionStillHeld(record.token)
          (release, tickets) = ([], [])
        case 0: version = try await versionStillHeld(record.token)
        case 1 where following == nil: try await session.createAll(idleList)
        case 1: lookahead = min(lookahead * 4, 64)
        default: if let following { try await dropOrphan(following, error) }
        }
      }
    }
  }

  /// The slot's write first; then the queue's entry and the new claim, or the entry in the idle list.
  private func advancing(
    to following: QueuedTicket?, version: Int, _ next: AfterFinish
  ) throws -> ([Change], SlotState) {
    if let following {
      let claim = try Claiming.changes(following.ticket, into: id, version: version, at: now())
      let changes = [claim[0], .delete(following.entry, expecting: nil)] + claim.dropFirst()
      return (changes, try state(claim, version: version + 1))
    }
    let free = Change.write(path, [], expecting: version)
    let idle = Change.create(idleEntry(version + 1), [], .session)
    return (next == .stop ? [free] : [free, idle], SlotState(record: nil, version: version + 1))
  }

  private func state(_ claim: [Change], version: Int) throws -> SlotState {
    guard case .write(_, let data, _) = claim[0] else { return SlotState(record: nil, version: version) }
    return SlotState(record: try JSONBytes.decode(SlotRecord.self, from: data), version: version)
  }

  private func holds(_ token: String) async throws -> Bool {
    guard let node = try await session.read(path) else { return false }
    return try SlotRecord.decode(node)?.token == token
  }

  /// - Throws: ``ClaimLost``.
  private func versionStillHeld(_ token: String) async throws -> Int {
    guard let node = try await session.read(path), try SlotRecord.decode(node)?.token == token else {
      throw ClaimLost(token: token)
    }
    return node.version
  }

  /// Removes a ticket from its queue whose build is no more.
  private func dropOrphan(_ queued: QueuedTicket, _ error: CoordinationError) async throws {
    guard error.code == .noNode else { throw error }
    do {
      try await session.delete(queued.entry)
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return
    }
  }
}
