package import Model

/// How a ticket comes into a slot, the same whoever takes it there.
package struct Claiming {
  /// What the slot holds then.
  package let record: SlotRecord
  private let bytes: [UInt8]?
  private let slot: SlotID
  private let version: Int
  private let hints: DispatchHints

  /// - Parameters:
  ///   - bytes: as which the ticket stands in a queue; `nil` when it does not stand in any.
  ///   - version: the version at which the slot's node is free.
  package init(
    _ ticket: Ticket, queuedAs bytes: [UInt8]?, into slot: SlotID, version: Int, at time: Timestamp,
    _ hints: DispatchHints
  ) {
    record = SlotRecord(ticket: ticket, token: slot.token(version: version + 1), claimed: time)
    self.bytes = bytes
    self.slot = slot
    self.version = version
    self.hints = hints
  }

  /// What is to be written. A ticket out of a queue says beside its build where it is already; its place there is written
  /// without a guard, since the queue's entry, deleted in the same transaction, is the guard.
  package func changes() throws -> [Change] {
    let (ticket, path) = (record.ticket, NodeMap.slot(slot))
    let claim = try bytes.map(record.bytes(withTicket:)) ?? JSONBytes.encode(record)
    hints.withClaims { $0.note(record, as: claim, at: path) }
    let write = Change.write(path, claim, expecting: version)
    guard case .attempt = ticket.work else { return [write] }
    let place = NodeMap.place(of: ticket.build, ticket: ticket.name)
    let said = try JSONBytes.encode(
      TicketPlace.claimed(ClaimRecord(slot: slot, token: record.token, since: record.claimed)))
    return [write, bytes == nil ? .create(place, said, .persistent) : .write(place, said, expecting: nil)]
  }

  /// The changes that remove what a claim leaves beside its slot.
  package static func release(_ ticket: Ticket) -> [Change] {
    guard case .attempt = ticket.work else { return [] }
    return [.delete(NodeMap.place(of: ticket.build, ticket: ticket.name), expecting: nil)]
  }
}
