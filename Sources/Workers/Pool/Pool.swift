import Coordination
package import Execution
package import Logging
import Model
package import SharedRepository
import Synchronization

/// The pool of a host: runs its share of the slots that are wanted, each in a process of its own, so that what kills one
/// leaves the others alone.
///
/// Pools have no master. Each computes the same shares from the same lists (``SeatAssignment``), takes free seats up to its
/// share, and drains what it has above it. A seat is a node, so that nobody runs what somebody else runs; it goes with the
/// pool's session, so that others take over from a pool that is lost.
package final class Pool: Sendable {
  private let configuration: PoolConfiguration
  private let clock: PoolClock
  private let logger: Logger
  private let start: @Sendable (HeldSeat) async throws -> SupervisedProcess
  private let tenants = Tenants()
  private let state = Mutex(State())

  private struct State {
    var isDraining = false
    /// The session that goes on, and who is to be told when something has changed.
    var repository: SharedRepository?
    var changes: AsyncStream<Void>.Continuation?
  }

  /// - Parameter start: starts a worker in a seat, which tells its name over its ``SupervisorLink`` before it takes tickets.
  package init(
    _ configuration: PoolConfiguration, clock: some Clock<Duration> = ContinuousClock(), logger: Logger,
    start: @escaping @Sendable (HeldSeat) async throws -> SupervisedProcess
  ) {
    self.configuration = configuration
    self.clock = PoolClock(clock)
    self.logger = logger
    self.start = start
  }

  /// Starts nothing new from now on, and has all workers drain; ``run(_:)`` returns when they have.
  package func finish() {
    state.withLock { $0.isDraining = true }
    tenants.drainAll()
    changed()
  }

  /// Returns when no worker is left that this pool has started.
  package func ended() async { await tenants.ended() }

  /// Works through one session, until the pool has drained or the session has ended. In the second case all workers are told
  /// to drain: their seats are gone, and others may have taken them.
  package func run(_ repository: SharedRepository) async throws {
    // One signal stands for any number of changes: all is looked at anew.
    let (changes, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    state.withLock { ($0.repository, $0.changes) = (repository, signal) }
    defer {
      state.withLock { ($0.repository, $0.changes) = (nil, nil) }
      tenants.drainAll()
    }
    try await run(repository, changes)
  }

  private func run(_ repository: SharedRepository, _ changes: AsyncStream<Void>) async throws {
    let session = repository.session
    let seats = PoolSession(session: session, host: configuration.host)
    let record = PoolRecord(
      host: configuration.host, process: configuration.process, started: repository.now(),
      labels: configuration.labels.sorted(), kinds: configuration.kinds.sorted(), capacity: configuration.capacity)
    try await seats.join(record)
    logger.info("Ready to run slots", metadata: ["pool": "\(seats.id)"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await RecoveryLoop(repository: repository, clock: self.clock.clock, logger: self.logger).run()
      }
      group.addTask { try await ScalingLoop(session: session, clock: self.clock, logger: self.logger).run() }
      group.addTask { for try await _ in session.watch(NodeMap.scale) { self.changed() } }
      group.addTask { for try await _ in session.watchChildren(of: NodeMap.pools) { self.changed() } }
      defer { group.cancelAll() }
      try await settle(whenever: changes, seats, session)
    }
  }

  private func changed() { state.withLock { $0.changes }?.yield() }

  // MARK: - The share

  private func settle(
    whenever changes: AsyncStream<Void>, _ seats: PoolSession, _ session: any CoordinationSession
  ) async throws {
    let watches = SeatWatches(session: session) { self.changed() }
    defer { watches.stop() }
    for await _ in changes {
      if state.withLock({ $0.isDraining }) {
        try await seats.leave()
        tenants.drainAll()
        if tenants.count == 0 { return }
      } else {
        watches.watch(try await settle(seats, session))
      }
    }
    // Nothing else ends the signals but the end of the session.
    throw CancellationError()
  }

  /// Drains what is above this pool's share, and takes what is free below it.
  ///
  /// - Returns: the classes of which no more seats are free, so that others must give up some first.
  private func settle(_ seats: PoolSession, _ session: any CoordinationSession) async throws -> Set<QueueClass> {
    let entries = try await ScaleTable(session: session).entries()
    let wanted = Dictionary(uniqueKeysWithValues: entries.map { ($0.queue, $0.record.wanted) })
    let pools = try await PoolSession.all(session).map { $1.offer(of: $0) }
    let share = SeatAssignment.shares(of: wanted, among: pools)[seats.id.rawValue] ?? [:]
    for queue in tenants.activeClasses {
      let active = tenants.active(queue)
      let surplus = active.count - (share[queue] ?? 0)
      guard surplus > 0 else { continue }
      for tenant in try await leastMissed(active, session).prefix(surplus) { tenant.drain() }
    }
    var short: Set<QueueClass> = []
    for (queue, count) in share.sorted(by: { $0.key < $1.key }) {
      let missing = min(count - tenants.active(queue).count, configuration.capacity - tenants.count)
      guard missing > 0 else { continue }
      if try await take(missing, of: queue, wanted: wanted[queue] ?? 0, seats) < missing { short.insert(queue) }
    }
    return short
  }

  /// - Returns: how many seats were free.
  private func take(_ count: Int, of queue: QueueClass, wanted: Int, _ seats: PoolSession) async throws -> Int {
    let taken = try await seats.taken(queue)
    var got = 0
    // In a random order, for pools that come at the same time shall not all reach for the same one.
    for number in (0..<wanted).filter({ !taken.contains($0) }).shuffled() where got < count {
      let seat = SeatID(queue, number)
      guard try await seats.take(seat) else { continue }
      got += 1
      run(seat, seats)
    }
    return got
  }

  private func run(_ seat: SeatID, _ seats: PoolSession) {
    logger.info("Taking a seat", metadata: ["seat": "\(seat)"])
    let tenant = Tenant(HeldSeat(seat, pool: seats.id.rawValue), clock: clock, logger: logger, start: start)
    tenants.add(tenant) { worker in
      await self.bury(worker)
    } ended: {
      do {
        try await seats.giveUp(seat)
        self.logger.info("Gave up a seat", metadata: ["seat": "\(seat)"])
      } catch {
        // The end of the session has given it up, or does so.
        self.logger.debug("A seat was not given up", metadata: ["seat": "\(seat)", "error": "\(error)"])
      }
      self.changed()
    }
    // Told to finish in between, or the session is over: then nobody else drains it.
    if state.withLock({ $0.isDraining || $0.repository == nil }) { tenant.drain() }
  }

  /// Those that have nothing to do first, and of these the highest numbers.
  private func leastMissed(_ tenants: [Tenant], _ session: any CoordinationSession) async throws -> [Tenant] {
    var ranked: [(isBusy: Bool, tenant: Tenant)] = []
    for tenant in tenants {
      var isBusy = false
      if let worker = tenant.worker {
        isBusy = try await session.read(NodeMap.slot(SlotID(worker: worker, number: 0)))?.data.isEmpty == false
      }
      ranked.append((isBusy, tenant))
    }
    return ranked.sorted { left, right in
      left.isBusy == right.isBusy ? left.tenant.seat > right.tenant.seat : !left.isBusy
    }
    .map(\.tenant)
  }

  // MARK: - The dead

  /// Gives back what a worker held that has ended, without waiting for its session to end: we know that it is dead.
  private func bury(_ worker: WorkerID) async {
    guard let repository = state.withLock({ $0.repository }) else { return }
    do {
      try await Membership.bury(worker, repository.session)
      for slot in try await Recovery(session: repository.session, now: repository.now).recover(worker) {
        logger.notice("Took back the ticket of a dead worker", metadata: ["slot": "\(slot)"])
      }
    } catch {
      // The end of its session, and who holds the role of recovery, see to it.
      logger.warning(
        "A dead worker could not be buried at once", metadata: ["worker": "\(worker)", "error": "\(error)"])
    }
  }
}

extension PoolRecord {
  fileprivate func offer(of pool: WorkerID) -> PoolOffer {
    PoolOffer(id: pool.rawValue, capacity: capacity, kinds: Set(kinds), labels: Set(labels))
  }
}
