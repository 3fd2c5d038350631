package import Model

/// A ticket that is to be posted at a time.
package struct Timer: Hashable, Sendable, Codable {
  package var due: Timestamp
  package var ticket: Ticket

  package init(due: Timestamp, ticket: Ticket) {
    self.due = due
    self.ticket = ticket
  }

  /// The name of its node: when it is due, and what is posted then.
  package var name: String {
    [Timer.name(of: due), ticket.build.job.rawValue, String(ticket.build.number), ticket.name].joined(separator: "~")
  }

  /// A time as a name: in the order of names, later ones come later.
  package static func name(of time: Timestamp) -> String {
    let digits = String(max(0, time.milliseconds))
    return String(repeating: "0", count: max(0, Timer.digits - digits.count)) + digits
  }

  /// When the timer, or the bucket, of this name is due; `nil` for what is no such name.
  package static func due(ofName name: String) -> Timestamp? {
    Int64(name.prefix { $0 != "~" }).map(Timestamp.init(milliseconds:))
  }

  private static let digits = 13
}
