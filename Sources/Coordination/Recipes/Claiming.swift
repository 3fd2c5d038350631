package import Model

/// The changes by which a ticket comes into a slot, the same whoever makes them.
package enum Claiming {
  /// - Parameters:
  ///   - wasQueued: whether the ticket comes out of a queue. It says so beside its build then; its place there is written
  ///     without a guard, since the queue's entry, deleted in the same transaction, is the guard.
  ///   - version: the version at which the slot's node is free.
  package static func changes(
    _ ticket: Ticket, wasQueued: Bool, into slot: SlotID, version: Int, at time: Timestamp
  ) throws -> [Change] {
    let record = SlotRecord(ticket: ticket, token: slot.token(version: version + 1), claimed: time)
    return try changes(record, wasQueued: wasQueued, into: slot, version: version)
  }

  /// The same where the claim is made already, with the slot's next token.
  package static func changes(
    _ record: SlotRecord, wasQueued: Bool, into slot: SlotID, version: Int
  ) throws -> [Change] {
    let ticket = record.ticket
    let write = Change.write(NodeMap.slot(slot), try JSONBytes.encode(record), expecting: version)
    guard case .attempt = ticket.work else { return [write] }
    let place = NodeMap.place(of: ticket.build, ticket: ticket.name)
    let claim = try JSONBytes.encode(
      TicketPlace.claimed(ClaimRecord(slot: slot, token: record.token, since: record.claimed)))
    return [write, wasQueued ? .write(place, claim, expecting: nil) : .create(place, claim, .persistent)]
  }

  /// The changes that remove what a claim leaves beside its slot.
  package static func release(_ ticket: Ticket) -> [Change] {
    guard case .attempt = ticket.work else { return [] }
    return [.delete(NodeMap.place(of: ticket.build, ticket: ticket.name), expecting: nil)]
  }
}
