import Coordination
import Model

/// Reads what an explanation is made from. Who took a ticket is read before who is alive, so that whoever is missing then was
/// lost, and did not only come later.
struct SnapshotReader {
  let repository: SharedRepository
  /// At most so many names are read of each queue.
  static let mostEntries = 1_000
  /// At most so many workers, and so many of their slots, are read.
  static let mostWorkers = 1_000
  static let mostSlots = 200

  private var session: any CoordinationSession { repository.session }

  init(repository: SharedRepository) {
    self.repository = repository
  }

  func snapshot(of record: BuildRecord) async throws -> BuildSnapshot {
    let build = record.request.build
    let plan = try await repository.plan(of: record)
    let places = try await repository.places(of: build)
    let withSlots = try await session.entries(inBucketsOf: NodeMap.slots).map(\.name)
    let (workers, alive) = try await fleet()
    var fleet = workers
    let control = try await ControlTickets(
      session: session, fleet: fleet, lost: withSlots.filter { !alive.contains($0) }
    )
    .find(build)
    var snapshot = BuildSnapshot(plan: plan, state: record.state, now: repository.now())
    snapshot.jobPause = try await repository.pause(of: .job(build.job))?.0
    snapshot.group = try await groupHold(of: record.state)
    snapshot.environments = try await repository.standings(of: record.state, plan)
    let queued = Set(places.compactMap { name, place in place.isQueued ? plan.queue(ofTicket: name) : nil })
    snapshot.labelPauses = try await pauses(of: queued)
    fleet.lastSeen = try await lastSeen(queued.union([.buildControl]), fleet)
    var queues = QueueSnapshots(repository: repository, fleet: fleet)
    for (name, place) in places {
      switch place {
      case .claimed(let claim):
        snapshot.tickets[name] = .taken(
          worker: claim.worker, since: claim.since, isAlive: alive.contains(claim.worker))
      case .queued(let record):
        guard let queue = plan.queue(ofTicket: name) else { continue }
        snapshot.tickets[name] = try await queues.standing(of: record.entry, in: queue).map(TicketStanding.queued)
      }
    }
    for (name, place) in control {
      switch place {
      case .taken(let worker, let since, let isAlive):
        snapshot.tickets[name] = .taken(worker: worker, since: since, isAlive: isAlive)
      case .queued(let entry):
        snapshot.tickets[name] = try await queues.standing(of: entry, in: .buildControl).map(TicketStanding.queued)
      }
    }
    snapshot.fleet = fleet
    let durations = await repository.expectedDurations(of: build.job)
    snapshot.durations = plan.tasks.map { durations[$0.name] }
    return snapshot
  }

  /// - Returns: the workers, and the names of all that are alive.
  private func fleet() async throws -> (Fleet, alive: Set<String>) {
    let paths = try await session.entries(inBucketsOf: NodeMap.workers)
    var members: [Fleet.Member] = []
    for path in paths.prefix(Self.mostWorkers) {
      guard let node = try await session.read(path) else { continue }
      members.append(Fleet.Member(path.name, try JSONBytes.decode(WorkerRecord.self, from: node.data)))
    }
    return (Fleet(members, isCut: paths.count > Self.mostWorkers), Set(paths.map(\.name)))
  }

  private func groupHold(of state: BuildState) async throws -> GroupHold? {
    guard let place = state.group, place.status == .waits else { return nil }
    // They stand in the order in which they came to hold it.
    let holders = try await repository.holders(ofGroup: place.group).map { GroupHold.Holder($0.build, since: $0.since) }
    return holders.first.map { GroupHold(group: place.group, first: $0, others: Array(holders.dropFirst())) }
  }

  private func pauses(of queues: Set<QueueClass>) async throws -> [Label: Pause] {
    var pauses: [Label: Pause] = [:]
    for label in Set(queues.flatMap(\.labels)) { pauses[label] = try await repository.pause(of: .label(label))?.0 }
    return pauses
  }

  /// Only of what nobody offers.
  private func lastSeen(_ queues: Set<QueueClass>, _ fleet: Fleet) async throws -> [Fleet.Sighting: Timestamp] {
    let sightings = Sightings(session: session)
    var seen: [Fleet.Sighting: Timestamp] = [:]
    for queue in queues where fleet.members(for: queue).isEmpty {
      for label in [nil] + queue.labels.map(Optional.some) {
        seen[Fleet.Sighting(queue.kind, label)] = try await sightings.last(queue.kind, label)
      }
    }
    return seen
  }
}

extension Fleet.Member {
  init(_ worker: String, _ record: WorkerRecord) {
    let slots = record.slots.compactMap { name, count in TaskKind(rawValue: name).map { ($0, count) } }
    self.init(
      worker: worker, labels: Set(record.labels), slots: Dictionary(uniqueKeysWithValues: slots),
      isDraining: record.draining)
  }

  /// The numbers of its slots of a kind: slots are numbered kind by kind, in the order of the kinds.
  func slotNumbers(of kind: TaskKind) -> Range<Int> {
    let first = slots.reduce(0) { $0 + ($1.key < kind ? $1.value : 0) }
    return first..<first + slots[kind, default: 0]
  }
}

extension TicketPlace {
  fileprivate var isQueued: Bool {
    if case .queued = self { true } else { false }
  }
}

extension Plan {
  /// The class of the queue in which an attempt's ticket, such as `t3a1`, waits.
  func queue(ofTicket name: String) -> QueueClass? {
    guard name.first == "t", let task = Int(name.dropFirst().prefix { $0 != "a" }), tasks.indices.contains(task) else {
      return nil
    }
    return QueueClass(kind: tasks[task].work.kind, labels: tasks[task].labels)
  }
}
