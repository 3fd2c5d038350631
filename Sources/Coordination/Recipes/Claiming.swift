package import Model

/// The changes by which a ticket comes into a slot, the same whoever makes them.
package enum Claiming {
  /// - Parameter version: the version at which the slot's node is free.
  package static func changes(
    _ ticket: Ticket, into slot: SlotID, version: Int, at time: Timestamp
  ) throws -> [Change] {
    let token = slot.token(version: version + 1)
    let record = SlotRecord(ticket: ticket, token: token, claimed: time)
    let write = Change.write(NodeMap.slot(slot), try JSONBytes.encode(record), expecting: version)
    guard case .attempt = ticket.work else { return [write] }
    let claim = ClaimRecord(slot: slot, token: token, since: time)
    return [
      write,
      .create(NodeMap.claim(of: ticket.build, ticket: ticket.name), try JSONBytes.encode(claim), .persistent),
    ]
  }

  /// The changes that remove what a claim leaves beside its slot.
  package static func release(_ ticket: Ticket) -> [Change] {
    guard case .attempt = ticket.work else { return [] }
    return [.delete(NodeMap.claim(of: ticket.build, ticket: ticket.name), expecting: nil)]
  }
}
