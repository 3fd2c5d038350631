import Model

/// The order of the tickets in a queue: higher priority first, then the earlier *tag*. Nobody schedules; the poster names the
/// entry, and the names sort.
///
/// **Tags** are those of start-time fair queueing, as numbers that look like milliseconds since 1970. The queue's virtual
/// time is the tag of its first ticket, or the wall clock's time when it is empty. A job's share of the queue remembers its
/// *finish tag*: one more than the tag of the ticket that it queued last. A ticket gets the later of the two. So the tickets of
/// a job that queues a thousand have a thousand tags, and one ticket of another job gets the tag at the head. Shares are
/// written without a guard: two posters at the same time may give the same tag twice, which is harmless.
///
/// News of what runs, and tickets that are given back, stand at the head and cost their job nothing: what has begun is finished
/// before more is begun.
///
/// **Names.** `PRIORITY~SPAN/TAG~PART/TAG~JOB~NUMBER~TICKET`: an entry stands in the part of the span of its tag, so every list
/// is short, and sorted names are tickets in order. A ticket that comes just as a slot has parked, and has not looked into the
/// queues yet, is handed to it before those that are queued: one for each time that a slot parks. When a part is full, the next one takes the tags of the same hundred:
/// only within those is the order not exact then.
package enum TicketOrder {
  package static let priorities = -999...999

  /// Tags in a span, and in a part.
  static let spanWidth: Int64 = 10_000
  static let partWidth: Int64 = 100
  /// Entries in a part. Posters that come together may go over it by as many as they are.
  package static let partSize = 500
  /// No job falls back by more tags than that, whatever a wrong clock once wrote into its share.
  static let longestLag: Int64 = 100_000

  /// How all spans of a priority begin.
  static func level(_ ticket: Ticket) -> String {
    let priority = min(max(ticket.priority, priorities.lowerBound), priorities.upperBound)
    return padded(Int64(priorities.upperBound - priority), to: 4) + "~"
  }

  static func span(_ level: String, tag: Int64) -> String { level + padded(tag / spanWidth, to: 9) }

  /// How all parts begin that take a tag.
  static func range(tag: Int64) -> String { padded(tag % spanWidth / partWidth, to: 2) + "~" }

  static func part(_ range: String, number: Int) -> String { range + padded(Int64(number), to: 4) }

  static func name(of ticket: Ticket, tag: Int64) -> String {
    [
      padded(tag, to: 13), ticket.build.job.rawValue, padded(Int64(ticket.build.number), to: 10), ticket.name,
    ].joined(separator: "~")
  }

  static func tag(ofName name: String) -> Int64? { Int64(name.prefix { $0 != "~" }) }

  /// Whether the ticket is counted to its job's share.
  static func isShared(_ ticket: Ticket) -> Bool {
    guard ticket.losses == 0, ticket.avoid.isEmpty else { return false }
    switch ticket.work {
    case .attempt, .advance(.start): return true
    case .advance: return false
    }
  }

  private static func padded(_ number: Int64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// A ticket's entry in a queue, by the names that say its place.
package struct QueueEntry: Hashable, Sendable, Comparable {
  package let queue: NodePath
  package let span: String
  package let part: String
  package let name: String

  package init(queue: NodePath, span: String, part: String, name: String) {
    self.queue = queue
    self.span = span
    self.part = part
    self.name = name
  }

  package var path: NodePath { queue / span / part / name }

  /// Also orders entries of different queues.
  package static func < (left: QueueEntry, right: QueueEntry) -> Bool {
    (left.span, left.part, left.name) < (right.span, right.part, right.name)
  }
}
