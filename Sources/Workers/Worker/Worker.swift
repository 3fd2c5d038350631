package import Coordination
package import Logging
import Model
package import SharedRepository

/// A worker process: its slots, and a candidate for the role that recovers what lost workers held.
package struct Worker: Sendable {
  private let offer: WorkerOffer
  private let performers: [TaskKind: any TaskPerformer]
  private let configuration: WorkerConfiguration
  private let takesOne: Bool
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let joins: @Sendable (WorkerID) -> Void
  private let drain = Drain()

  /// - Parameters:
  ///   - performers: one for each kind of task that the offer names; build-control needs none.
  ///   - takesOne: whether it ends after one ticket.
  ///   - joins: told the worker's name in each session, before it can take a ticket there.
  package init(
    _ offer: WorkerOffer, performers: [any TaskPerformer], configuration: WorkerConfiguration,
    takesOne: Bool = false, clock: any Clock<Duration> = ContinuousClock(), logger: Logger,
    joins: @escaping @Sendable (WorkerID) -> Void = { _ in }
  ) {
    self.takesOne = takesOne
    self.joins = joins
    self.offer = offer
    self.performers = Dictionary(uniqueKeysWithValues: performers.map { ($0.kind, $0) })
    self.configuration = configuration
    self.clock = clock
    self.logger = logger
  }

  /// Takes no new tickets from now on; ``run(_:)`` returns when what is under way has ended.
  package func finish() { drain.advance(to: .finishing) }

  /// Stops what is under way, and gives the tickets back.
  package func handBack() { drain.advance(to: .handingBack) }

  /// Works through one session, until the worker has drained or the session has ended.
  package func run(_ repository: SharedRepository) async throws {
    let session = repository.session
    let membership = Membership(session: session, host: offer.host)
    let record = WorkerRecord(
      host: offer.host, process: offer.process, started: repository.now(), labels: offer.labels.sorted(),
      slots: offer.slots, seat: offer.seat?.seat.description)
    joins(membership.worker)
    try await membership.join(record, slots: offer.kinds.count)
    logger.info("Ready for tickets", metadata: ["worker": "\(membership.worker)"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await RecoveryLoop(repository: repository, clock: clock, logger: logger).run()
      }
      // A worker for one ticket is gone soon.
      if let source = performers[.gitCheckout] as? any BranchSource, offer.slots[.gitCheckout] ?? 0 > 0, !takesOne {
        group.addTask {
          try await PollLoop(repository: repository, source: source, clock: clock, logger: logger).run()
        }
      }
      group.addTask { try await announceDraining(membership, record) }
      if let seat = offer.seat { group.addTask { try await leave(seat, session) } }
      group.addTask { try await obey(membership, session) }
      defer { group.cancelAll() }
      try await runSlots(membership.worker, repository)
    }
    await leave(membership, repository)
  }

  private func runSlots(_ worker: WorkerID, _ repository: SharedRepository) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, kind) in offer.kinds.enumerated() {
        guard let slotWorker = slotWorker(kind, repository) else { continue }
        let slot = Slot(
          id: SlotID(worker: worker, number: number), kind: kind, labels: kind == .buildControl ? [] : offer.labels,
          session: repository.session, hints: repository.hints, now: repository.now)
        group.addTask {
          try await SlotLoop(
            slot: slot, worker: slotWorker, session: repository.session, drain: drain, takesOne: takesOne,
            logger: logger
          ).run()
        }
      }
      // Not waitForAll(), which would wait for the other slots first: one that cannot go on would stay in the idle list,
      // and be handed tickets of which it never hears.
      for try await _ in group {}
    }
  }

  private func slotWorker(_ kind: TaskKind, _ repository: SharedRepository) -> (any SlotWorker)? {
    if kind == .buildControl { return BuildControl(repository: repository, clock: clock, logger: logger) }
    return performers[kind].map {
      TaskWorker(
        performer: $0, repository: repository, configuration: configuration, clock: clock, logger: logger)
    }
  }

  /// Tells the others when the worker takes no more tickets.
  private func announceDraining(_ membership: Membership, _ record: WorkerRecord) async throws {
    let (stages, feed) = AsyncStream.makeStream(of: Drain.Stage.self)
    try await drain.withListener({ feed.yield($0) }) {
      for await stage in stages where stage == .finishing {
        guard try await membership.record()?.draining != true else { continue }
        var record = record
        record.draining = true
        try await membership.update(record)
      }
    }
  }

  /// Drains when somebody wrote into the worker's own node that it should. A watch costs nothing until then.
  private func obey(_ membership: Membership, _ session: any CoordinationSession) async throws {
    for try await node in session.watch(NodeMap.worker(membership.worker)) {
      guard let node else { continue }
      let record = try JSONBytes.decode(WorkerRecord.self, from: node.data)
      guard record.draining, drain.stage == .working else { continue }
      logger.notice("Draining: no new tickets are taken", metadata: ["by": "\(record.drainedBy ?? "-")"])
      drain.advance(to: .finishing)
    }
  }

  /// Drains when the seat is somebody else's: its pool may be too late to say so, as after a pause.
  private func leave(_ seat: HeldSeat, _ session: any CoordinationSession) async throws {
    try await seat.lost(session)
    logger.notice("The seat is lost: no new tickets are taken", metadata: ["seat": "\(seat.seat)"])
    finish()
  }

  private func leave(_ membership: Membership, _ repository: SharedRepository) async {
    do {
      try await membership.leave(at: repository.now())
    } catch {
      // The end of the session removes the rest.
      logger.debug("Could not say goodbye", metadata: ["error": "\(error)"])
    }
  }
}
