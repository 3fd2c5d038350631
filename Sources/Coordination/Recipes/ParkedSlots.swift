package import Model

/// A slot that waits for a ticket.
package struct ParkedSlot: Hashable, Sendable {
  package let entry: IdleEntry
  /// Its node in the idle list.
  package let path: NodePath
}

/// The slots that wait for tickets of one class and can take them, read from the idle lists a bucket at a time and only as far
/// as they are asked for.
///
/// Workers with fewer labels come first, so that those with rare ones are left to the tickets that need them; otherwise
/// the order is random, so that posters that come at the same time do not all reach for the same slot.
package struct ParkedSlots: Sendable {
  private let session: any CoordinationSession
  private let queue: QueueClass
  private let hints: DispatchHints
  private let now: Timestamp
  private var hasBegun = false
  private var hasGiven = false
  /// In reverse order; `nil` before they were read.
  private var lists: [NodePath]?
  /// Whether workers of the list that is being read come before all others.
  private var isFirstList = false
  private var buckets: [NodePath] = []
  /// What was read and not given out yet.
  package private(set) var rest: [ParkedSlot] = []

  package init(session: any CoordinationSession, queue: QueueClass, hints: DispatchHints, now: Timestamp) {
    self.session = session
    self.queue = queue
    self.hints = hints
    self.now = now
  }

  /// Reads until there is a slot at hand, or none anywhere.
  mutating func lookAhead() async throws {
    while rest.isEmpty {
      guard try await readOn() else { return }
    }
  }

  /// The next slot for a ticket of the class, one that the ticket does not avoid if there is any; `nil` when there are no
  /// more. None that was parked before the first call is missed.
  package mutating func next(for ticket: Ticket) async throws -> ParkedSlot? {
    while true {
      if let index = rest.lastIndex(where: { !$0.entry.slot.worker.isNamed(byAny: ticket.avoid) }) {
        hasGiven = true
        return rest.remove(at: index)
      }
      guard try await readOn() else { return rest.popLast() }
    }
  }

  /// - Returns: whether there may be more.
  private mutating func readOn() async throws -> Bool {
    if !hasBegun {
      hasBegun = true
      if let bucket = hints.withIdle(queue, { $0.lately(now: now) }) {
        try await read(bucket)
        return true
      }
    }
    if let bucket = buckets.popLast() {
      try await read(bucket)
      return true
    }
    isFirstList = lists == nil
    if lists == nil { lists = try await offers() }
    guard let list = lists?.popLast() else {
      if !hasGiven && rest.isEmpty { hints.withIdle(queue) { $0.foundNobody(now: now) } }
      return false
    }
    buckets = hints.randomness.shuffled((try await session.settledChildren(of: list) ?? []).map { list / $0 })
    return true
  }

  private mutating func read(_ bucket: NodePath) async throws {
    // While nobody parks, as when all are busy, this costs nothing; and else at most one more event for each time that it is
    // read.
    let found = slots(try await session.settledChildren(of: bucket) ?? [], in: bucket)
    hints.withIdle(queue) { hints in
      guard !found.isEmpty else { return hints.foundNothing(in: bucket) }
      hints.foundSomebody()
      if isFirstList { hints.found(in: bucket, now: now) }
    }
    rest = hints.randomness.shuffled(found) + rest
  }

  private func slots(_ names: [String], in bucket: NodePath) -> [ParkedSlot] {
    names.compactMap { name in IdleEntry(name: name).map { ParkedSlot(entry: $0, path: bucket / name) } }
  }

  /// The lists of workers that offer what the class asks for; those that offer least come last.
  private func offers() async throws -> [NodePath] {
    let kind = NodeMap.idle(queue.kind)
    return (try await session.settledChildren(of: kind) ?? [])
      .map { (name: $0, labels: NodeMap.labels(ofComponent: $0)) }
      .filter { $0.labels.isSuperset(of: queue.labels) }
      .sorted { ($1.labels.count, $1.name) < ($0.labels.count, $0.name) }
      .map { kind / $0.name }
  }
}
