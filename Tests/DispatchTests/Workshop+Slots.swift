import Coordination
import Model
import SharedRepository

extension Workshop {
  /// Announces a worker and gives its slots, none of them parked.
  func joinSlots(
    _ count: Int, in session: any CoordinationSession, host: String = "test", hints: DispatchHints = DispatchHints()
  ) async throws -> [Slot] {
    let membership = Membership(session: session, host: host)
    let record = WorkerRecord(
      host: host, process: 1, started: observer.now(), labels: [], slots: [.executeShell: count])
    try await membership.join(record, slots: count)
    return (0..<count).map {
      Slot(
        id: SlotID(worker: membership.worker, number: $0), kind: .executeShell, labels: [], session: session,
        hints: hints, now: observer.now)
    }
  }

  /// Parks slots that have never had a ticket.
  func park(_ slots: [Slot]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for slot in slots { group.addTask { try await slot.park(0) } }
      try await group.waitForAll()
    }
  }

  /// A ticket that no build stands behind.
  func looseTicket(
    _ job: String, _ number: Int, priority: Int = 0, work: Ticket.Content = .advance(.start)
  ) throws -> Ticket {
    let time = Timestamp(milliseconds: 1_700_000_000_000)
    return Ticket(
      queue: QueueClass(kind: .executeShell, labels: []), build: BuildID(job: try JobName(job), number: number),
      work: work, requested: time, posted: time, priority: priority)
  }

  /// Posts loose tickets of builds, a hundred at a time.
  func post(_ job: String, _ builds: ClosedRange<Int>, priority: Int = 0) async throws {
    for start in stride(from: builds.lowerBound, through: builds.upperBound, by: 100) {
      let some = start...min(start + 99, builds.upperBound)
      try await observer.poster.post(try some.map { try looseTicket(job, $0, priority: priority) }) { false }
    }
  }

  /// Takes tickets from the queue through a slot until it is empty.
  ///
  /// - Returns: their builds, in that order.
  func drainQueue(through slot: Slot, atMost most: Int = .max) async throws -> [String] {
    var order: [String] = []
    guard let node = try await observer.session.read(slot.path) else { return order }
    try await slot.park(node.version)
    var state = try await slot.claimFromQueue(node.version)
    while let held = state, let record = held.record {
      order.append("\(record.ticket.build)")
      let isEnough = order.count == most
      let next = try await slot.finish(held, then: isEnough ? .stop : .takeNext)
      state = isEnough || next.record != nil ? next : try await slot.claimFromQueue(next.version)
    }
    return order
  }
}
