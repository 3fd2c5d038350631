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
  /// - Throws: what went wrong first, after everything else was recovered; at once when the session has ended.
  @discardableResult
  package func sweep() async throws -> [SlotID] {
    try await forEach(try await session.children(of: NodeMap.slots) ?? []) { try await sweep(bucket: $0) }
  }

  /// The same among the workers of one bucket.
  package func sweep(bucket: String) async throws -> [SlotID] {
    // Slots first: a worker that appears in between is then in the second list, and is left alone.
    let withSlots = try await session.children(of: NodeMap.slots / bucket) ?? []
    let alive = Set(try await session.children(of: NodeMap.workers / bucket) ?? [])
    return try await forEach(withSlots.filter { !alive.contains($0) }) {
      try await recover(WorkerID(rawValue: $0))
    }
  }

  /// One that cannot be recovered shall not keep the others waiting.
  private func forEach(
    _ names: [String], _ recover: (String) async throws -> [SlotID]
  ) async throws -> [SlotID] {
    var recovered: [SlotID] = []
    var failure: (any Error)?
    for name in names {
      do {
        recovered += try await recover(name)
      } catch let error as CoordinationError where error.code == .sessionEnded {
        throw error
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
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
    let folder = try await session.read(NodeMap.slots(of: worker))
    let slots = try await session.children(of: NodeMap.slots(of: worker)) ?? []
    let recovered = try await forEach(slots) { name in
      guard let number = Int(name) else { return [] }
      let slot = SlotID(worker: worker, number: number)
      return try await recover(slot) ? [slot] : []
    }
    do {
      try await session.commit(absence(of: worker) + [.delete(NodeMap.slots(of: worker), expecting: nil)]) {
        try await session.read(NodeMap.slots(of: worker)) == nil
      }
    } catch let error as CoordinationError where error.isOvertaken {
      return recovered
    }
    if let folder, let record = try? JSONBytes.decode(WorkerRecord.self, from: folder.data) {
      try await Sightings(session: session).note(record, at: now())
    }
    return recovered
  }

  private func recover(_ slot: SlotID) async throws -> Bool {
    while let node = try await session.read(NodeMap.slot(slot)) {
      let record = try record(in: node, of: slot)
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

  private func record(in node: Node, of slot: SlotID) throws -> SlotRecord? {
    do {
      return try SlotRecord.decode(node)
    } catch {
      throw CoordinationError(
        .refused, path: NodeMap.slot(slot),
        message: "what slot \(slot) of a lost worker held cannot be read: delete the node, and start its build again")
    }
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
