import Coordination
import Model

/// Where every ticket is: read out of what transactions write.
struct TicketBook {
  /// The ticket in each place: a slot's node, a queue's entry, a timer, or a group's queue.
  private(set) var places: [String: Ticket] = [:]
  /// How often each ticket stands somewhere, by build and then by its name.
  private(set) var counts: [BuildID: [String: Int]] = [:]
  /// When each place was filled, in microseconds.
  private(set) var since: [String: Int] = [:]

  /// Where the tickets of builds are; of one that is in several places, the last.
  private(set) var locations: [BuildID: [String: String]] = [:]

  /// Whether a node of this path has a ticket: a slot, an entry of a queue, a timer, or a build that waits for its group.
  static func isPlace(_ path: String) -> Bool {
    let depth = path.utf8.count { $0 == UInt8(ascii: "/") }
    return path.hasPrefix("/slots/") && depth == 4 || path.hasPrefix("/queues/") && depth == 6
      || path.hasPrefix("/timers/") && depth == 3 || path.hasPrefix("/groups/") && depth == 4
  }

  /// - Returns: the builds whose tickets have moved.
  mutating func take(_ path: String, _ data: [UInt8]?, now: Int) throws -> Set<BuildID> {
    var moved: Set<BuildID> = []
    if let old = places.removeValue(forKey: path) {
      counts[old.build]?[old.name, default: 0] -= 1
      since[path] = nil
      if locations[old.build]?[old.name] == path { locations[old.build]?[old.name] = nil }
      moved.insert(old.build)
    }
    guard let data, !data.isEmpty else { return moved }
    let ticket =
      if path.hasPrefix("/slots/") {
        try JSONBytes.decode(SlotRecord.self, from: data).ticket
      } else if path.hasPrefix("/timers/") {
        try JSONBytes.decode(Coordination.Timer.self, from: data).ticket
      } else {
        try JSONBytes.decode(Ticket.self, from: data)
      }
    places[path] = ticket
    since[path] = now
    locations[ticket.build, default: [:]][ticket.name] = path
    counts[ticket.build, default: [:]][ticket.name, default: 0] += 1
    moved.insert(ticket.build)
    return moved
  }
}
