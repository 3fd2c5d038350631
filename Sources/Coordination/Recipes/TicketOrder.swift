package import Model

/// The name of a ticket's entry in its queue, and with it its place: higher priority first, then the build that was
/// triggered earlier, then the ticket's own name. The same ticket always has the same name.
package enum TicketOrder {
  package static let priorities = -999...999

  package static func name(of ticket: Ticket) -> String {
    let priority = priorities.upperBound - min(max(ticket.priority, priorities.lowerBound), priorities.upperBound)
    return [
      padded(priority, to: 4), padded(Int(ticket.requested.milliseconds), to: 13),
      ticket.build.job.rawValue, String(ticket.build.number), ticket.name,
    ].joined(separator: "~")
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
