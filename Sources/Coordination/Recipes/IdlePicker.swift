import Model

/// The slots that were parked when somebody looked, who meanwhile may have read or worked out something else.
package struct IdleLook: Sendable {
  fileprivate(set) var lists: [QueueClass: ParkedSlots] = [:]

  package init() {}

  fileprivate init(lists: [QueueClass: ParkedSlots]) {
    self.lists = lists
  }
}

/// Picks parked slots for the tickets of one posting: from what this process remembers, then from the lists.
struct IdlePicker: Sendable {
  private let session: any CoordinationSession
  private let hints: DispatchHints
  private let now: Timestamp
  private var lists: [QueueClass: ParkedSlots] = [:]
  private var remembered: [QueueClass: [ParkedSlot]] = [:]
  private var hasBegun = false
  private var taken: Set<IdleEntry> = []
  private var stale: Set<IdleEntry> = []

  /// - Parameter known: what was read before.
  init(session: any CoordinationSession, hints: DispatchHints, now: Timestamp, known: IdleLook = IdleLook()) {
    self.session = session
    self.hints = hints
    self.now = now
    lists = known.lists
  }

  /// Reads ahead for tickets of these classes.
  mutating func look(for queues: Set<QueueClass>) async throws -> IdleLook {
    for queue in queues where !hints.withIdle(queue, { $0.has(now: now) || $0.isDearth(now: now) }) {
      var list = ParkedSlots(session: session, queue: queue, hints: hints, now: now)
      try await list.lookAhead()
      lists[queue] = list
    }
    return IdleLook(lists: lists)
  }

  /// Begins to place the tickets, anew after a slot was found to be stale: then the lists are read.
  mutating func begin(_ tickets: [Ticket]) {
    taken = stale
    remembered = [:]
    // What was read before is good for one try: it has given slots out.
    if hasBegun { lists = [:] }
    hasBegun = true
    guard stale.isEmpty else { return }
    for (queue, tickets) in Dictionary(grouping: tickets.filter(\.avoid.isEmpty), by: \.queue) {
      remembered[queue] = hints.withIdle(queue) { $0.take(tickets.count, now: now) }
    }
  }

  /// A slot for the ticket that none of this posting has; `nil` when there is none.
  mutating func next(for ticket: Ticket) async throws -> ParkedSlot? {
    let queue = ticket.queue
    if ticket.avoid.isEmpty, let slot = remembered[queue]?.popLast(), taken.insert(slot.entry).inserted { return slot }
    if lists[queue] == nil, hints.withIdle(queue, { $0.isDearth(now: now) }) { return nil }
    var list = lists[queue] ?? ParkedSlots(session: session, queue: queue, hints: hints, now: now)
    defer { lists[queue] = list }
    while let slot = try await list.next(for: ticket) {
      if taken.insert(slot.entry).inserted { return slot }
    }
    return nil
  }

  /// Somebody else was quicker, or the slot is gone: all that is remembered of its class is too old.
  mutating func isStale(_ slot: ParkedSlot) {
    stale.insert(slot.entry)
    for queue in remembered.keys { hints.withIdle(queue) { $0.drop() } }
  }

  /// Remembers what was read and not used.
  func keepRest() {
    for (queue, list) in lists where list.rest.count >= IdleHints.longList {
      hints.withIdle(queue) { $0.keep(list.rest, now: now) }
    }
  }
}
