package import Model

/// Gives back the tickets of workers that are gone. Any number may run at once; all but one transaction for each ticket
/// fail.
package struct Recovery: Sendable {
  private let session: any CoordinationSession
  private let poster: TicketPoster
  private let now: @Sendable () -> Timestamp

  package init(
    session: any CoordinationSession, hints: DispatchHints = DispatchHints(),
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.session = session
    self.now = now
    poster = TicketPoster(session: session, hints: hints, now: now)
  }

  /// Looks for workers that left slots behind, and recovers them.
  ///
  /// - Returns: the slots whose tickets were given back.
  @discardableResult
  package func sweep() async throws -> [SlotID] {
    var recovered: [SlotID] = []
    for bucket in try await session.children(of: NodeMap.slots) ?? [] { recovered += try await sweep(bucket: bucket) }
    return recovered
  }

  /// The same among the workers of one bucket.
  package func sweep(bucket: String) async throws -> [SlotID] {
    var recovered: [SlotID] = []
    // Slots first: a worker that appears in between is then in the second list, and is left alone.
    let withSlots = try await session.children(of: NodeMap.slots / bucket) ?? []
    let alive = Set(try await session.children(of: NodeMap.workers / bucket) ?? [])
    for name in withSlots where !alive.contains(name) {
      recovered += try await recover(WorkerID(rawValue: name))
    }
    return recovered
  }

  /// Offers the tickets at the heads of the queues to parked slots. A poster that dies between writing to a queue and
  /// reading the idle list leaves a ticket of which no parked slot knows; nobody else does.
  ///
  /// - Parameter isMeant: picks queues by the labels that they ask for.
  package func offerQueued(where isMeant: (Set<Label>) -> Bool = { _ in true }) async throws {
    for kind in TaskKind.allCases {
      for wanted in try await session.children(of: NodeMap.queues(kind)) ?? [] {
        let queue = QueueClass(kind: kind, labels: NodeMap.labels(ofComponent: wanted))
        guard isMeant(Set(queue.labels)) else { continue }
        try await offer(from: queue, at: NodeMap.queues(kind) / wanted)
      }
    }
  }

  private func offer(from queue: QueueClass, at path: NodePath) async throws {
    let heads = QueueHead(session: session, hints: poster.hints, now: now)
    while let queued = try await heads.next(in: path) {
      guard try await !LabelPauses(session: session).hold(queue.labels) else { return }
      var idle = ParkedSlots(session: session, queue: queue, hints: poster.hints, now: now())
      guard try await poster.offer(queued, to: &idle) else { return }
    }
  }

  /// Gives back what a worker held, unless it is alive.
  package func recover(_ worker: WorkerID) async throws -> [SlotID] {
    var recovered: [SlotID] = []
    let folder = try await session.read(NodeMap.slots(of: worker))
    for name in try await session.children(of: NodeMap.slots(of: worker)) ?? [] {
      guard let number = Int(name) else { continue }
      let slot = SlotID(worker: worker, number: number)
      if try await recover(slot) { recovered.append(slot) }
    }
    do {
      try await session.transaction(absence(of: worker) + [.delete(NodeMap.slots(of: worker), expecting: nil)])
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return recovered
    }
    if let folder, let record = try? JSONBytes.decode(WorkerRecord.self, from: folder.data) {
      try await Sightings(session: session).note(record, at: now())
    }
    return recovered
  }

  private func recover(_ slot: SlotID) async throws -> Bool {
    while let node = try await session.read(NodeMap.slot(slot)) {
      let record = try SlotRecord.decode(node)
      let tickets = record.map { [successor(of: $0, slot)] } ?? []
      let release = record.map { Claiming.release($0.ticket) } ?? []
      let removal = absence(of: slot.worker) + [.delete(NodeMap.slot(slot), expecting: node.version)]
      do {
        try await poster.post(tickets, with: removal + release) {
          try await session.read(NodeMap.slot(slot)) == nil
        }
        return record != nil
      } catch let error as CoordinationError where error.isOvertaken {
        switch error.changeIndex {
        case 2 where error.code == .badVersion: continue
        case 3 where error.code == .noNode:
          // The build is gone, and the claim with it: nothing is left to be told.
          try await poster.post([], with: removal) { try await session.read(NodeMap.slot(slot)) == nil }
          return true
        default: return false
        }
      }
    }
    return false
  }

  /// Proves that the worker is gone: its node cannot be created while it is there.
  private func absence(of worker: WorkerID) -> [Change] {
    [
      .create(NodeMap.worker(worker), [], .persistent),
      .delete(NodeMap.worker(worker), expecting: nil),
    ]
  }

  /// What is posted in the place of a lost ticket: the news that its attempt is over, or the ticket itself.
  private func successor(of record: SlotRecord, _ slot: SlotID) -> Ticket {
    var ticket = record.ticket
    guard case .attempt(let attempt) = ticket.work else {
      ticket.losses += 1
      return ticket
    }
    let outcome = AttemptOutcome(
      task: attempt.task, attempt: attempt.number, token: record.token, worker: slot.worker.rawValue,
      verdict: record.cancelledBy == nil ? .errored : .cancelled,
      message: "worker \(slot.worker) was lost while it had the task", started: record.claimed, finished: now(),
      workerLost: true)
    return .advance(.ended(outcome), after: attempt.request, at: now())
  }
}

extension Ticket {
  /// The news for build-control that something happened to a build.
  package static func advance(_ event: BuildEvent, after request: BuildRequest, at time: Timestamp) -> Ticket {
    Ticket(
      queue: QueueClass(kind: .buildControl, labels: []), build: request.build, work: .advance(event),
      requested: request.requested, posted: time, priority: request.priority)
  }
}
