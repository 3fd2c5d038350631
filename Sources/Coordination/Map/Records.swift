package import Model

/// What a worker tells of itself.
package struct WorkerRecord: Hashable, Sendable, Codable {
  package var host: String
  package var process: Int
  package var started: Timestamp
  package var labels: [Label]
  /// How many slots it has of each kind.
  package var slots: [String: Int]
  package var draining: Bool
  /// Who asked it to drain, when somebody did so from afar.
  package var drainedBy: String?
  /// The seat that it fills for its host's pool, when it was not started by itself.
  package var seat: String?

  package init(
    host: String, process: Int, started: Timestamp, labels: [Label], slots: [TaskKind: Int], draining: Bool = false,
    seat: String? = nil
  ) {
    self.host = host
    self.process = process
    self.started = started
    self.labels = labels
    self.slots = Dictionary(uniqueKeysWithValues: slots.map { ($0.rawValue, $1) })
    self.draining = draining
    self.seat = seat
  }
}

/// A claim: the ticket that a slot holds.
package struct SlotRecord: Hashable, Sendable, Codable {
  package var ticket: Ticket
  /// The fencing token.
  package var token: String
  package var claimed: Timestamp
  /// Who wants the work stopped.
  package var cancelledBy: String?

  package init(ticket: Ticket, token: String, claimed: Timestamp, cancelledBy: String? = nil) {
    self.ticket = ticket
    self.token = token
    self.claimed = claimed
    self.cancelledBy = cancelledBy
  }

  /// The bytes that encoding it gives, where those of its ticket are there already.
  package func bytes(withTicket ticket: [UInt8]) throws -> [UInt8] {
    // What begins and ends so is text of one byte a sign, as ours is.
    guard cancelledBy == nil, ticket.first == UInt8(ascii: "{"), ticket.last == UInt8(ascii: "}") else {
      return try JSONBytes.encode(self)
    }
    var bytes = Array("{\"claimed\":\(claimed.milliseconds),\"ticket\":".utf8)
    bytes.reserveCapacity(bytes.count + ticket.count + token.utf8.count + 16)
    bytes += ticket
    bytes += Array(",\"token\":".utf8)
    bytes += try JSONBytes.encode(token)
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  /// The claim in a slot's node; `nil` when the slot is free.
  package static func decode(_ node: Node) throws -> SlotRecord? {
    node.data.isEmpty ? nil : try JSONBytes.decode(SlotRecord.self, from: node.data)
  }
}

/// A running build.
package struct BuildRecord: Hashable, Sendable, Codable {
  package var request: BuildRequest
  package var state: BuildState

  package init(request: BuildRequest, state: BuildState) {
    self.request = request
    self.state = state
  }
}

/// A webhook that was taken in, and what it started.
package struct DeliveryRecord: Hashable, Sendable, Codable {
  package var builds: [BuildID]
  package var received: Timestamp
  /// Made up for this very arrival; tells it from a repeated one.
  package var requestID: String

  package init(builds: [BuildID], received: Timestamp, requestID: String) {
    self.builds = builds
    self.received = received
    self.requestID = requestID
  }
}
