package import Model

/// Where the ticket of an attempt is, from the moment that it is posted until the attempt ends.
package enum TicketPlace: Hashable, Sendable {
  case queued(QueueRecord)
  case claimed(ClaimRecord)

  package static func decode(_ node: Node) throws -> TicketPlace {
    try JSONBytes.decode(TicketPlace.self, from: node.data)
  }
}

/// A ticket that waits.
package struct QueueRecord: Hashable, Sendable, Codable {
  /// The path of its entry in the queue.
  package var queued: String
  package var since: Timestamp

  package init(entry: NodePath, since: Timestamp) {
    queued = entry.string
    self.since = since
  }

  package var entry: NodePath { NodePath(queued) }
}

/// A ticket that a slot has.
package struct ClaimRecord: Hashable, Sendable, Codable {
  package var worker: String
  package var slot: Int
  package var token: String
  package var since: Timestamp

  package init(slot: SlotID, token: String, since: Timestamp) {
    worker = slot.worker.rawValue
    self.slot = slot.number
    self.token = token
    self.since = since
  }

  package var slotID: SlotID { SlotID(worker: WorkerID(rawValue: worker), number: slot) }
}

extension TicketPlace: Codable {
  private enum Key: CodingKey { case queued }

  package init(from decoder: any Decoder) throws {
    let isQueued = try decoder.container(keyedBy: Key.self).contains(.queued)
    self = isQueued ? .queued(try QueueRecord(from: decoder)) : .claimed(try ClaimRecord(from: decoder))
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .queued(let record): try record.encode(to: encoder)
    case .claimed(let record): try record.encode(to: encoder)
    }
  }
}
