import Coordination
import Model

/// What is in the queues, read once for each explanation.
struct QueueSnapshots {
  private let repository: SharedRepository
  private let fleet: Fleet
  private var lists: [QueueClass: QueueListing] = [:]
  /// By the positions of their tasks.
  private var durations: [JobName: [Duration?]] = [:]

  /// Past durations are looked up for so many jobs; tickets of further ones count as the median.
  private static let mostJobs = 20
  /// At most so many queues of other classes are read that the same slots serve.
  private static let mostQueues = 8

  init(repository: SharedRepository, fleet: Fleet) {
    self.repository = repository
    self.fleet = fleet
  }

  /// A ticket's place in its queue; `nil` when it has left it.
  mutating func standing(of path: NodePath, in queue: QueueClass) async throws -> QueueStanding? {
    let own = try await listing(of: queue)
    let entry = own.entries.first { $0.path == path }
    if entry == nil, !own.isCut { return nil }
    let rivals = try await rivals(of: queue)
    var ahead: [QueueEntry] = []
    var total = Count(0, isLeast: rivals.isCut)
    var isLeast = entry == nil || rivals.isCut
    for list in [own] + rivals.lists {
      let before = list.entries.filter { other in entry.map { other < $0 } ?? true }
      ahead += before
      total = Count(total.value + list.entries.count, isLeast: total.isLeast || list.isCut)
      // What was not read of the queue comes after all that was.
      isLeast = isLeast || (list.isCut && before.count == list.entries.count)
    }
    let parked = try await parked(for: queue)
    var standing = QueueStanding(
      queue: queue, ahead: Count(ahead.count, isLeast: isLeast), total: total, parked: parked)
    if parked == 0, !isLeast { standing.wait = try await wait(ahead.sorted(), queue) }
    return standing
  }

  private mutating func listing(of queue: QueueClass) async throws -> QueueListing {
    if let known = lists[queue] { return known }
    let list = try await repository.session.entries(ofQueue: queue, limit: SnapshotReader.mostEntries)
    lists[queue] = list
    return list
  }

  /// The other queues that the slots serve which could take a ticket of this one.
  private mutating func rivals(of queue: QueueClass) async throws -> (lists: [QueueListing], isCut: Bool) {
    let offers = fleet.members(for: queue).filter { !$0.isDraining }
    let others = (try await repository.session.children(of: NodeMap.queues(queue.kind)) ?? [])
      .map { QueueClass(kind: queue.kind, labels: NodeMap.labels(ofComponent: $0)) }
      .filter { other in other != queue && offers.contains { $0.offers(other) } }
    var lists: [QueueListing] = []
    for other in others.prefix(Self.mostQueues) { lists.append(try await listing(of: other)) }
    return (lists, others.count > Self.mostQueues)
  }

  /// Whether slots wait that could take a ticket of the queue: the number of those in the first list that has any.
  private func parked(for queue: QueueClass) async throws -> Int {
    let kind = NodeMap.idle(queue.kind)
    for offered in try await repository.session.children(of: kind) ?? []
    where NodeMap.labels(ofComponent: offered).isSuperset(of: queue.labels) {
      for bucket in try await repository.session.children(of: kind / offered) ?? [] {
        let count = try await repository.session.children(of: kind / offered / bucket)?.count ?? 0
        if count > 0 { return count }
      }
    }
    return 0
  }

  private mutating func wait(_ ahead: [QueueEntry], _ queue: QueueClass) async throws -> Duration? {
    var remaining: [Duration?] = []
    var unread = 0
    for member in fleet.members(for: queue) where !member.isDraining {
      for number in member.slotNumbers(of: queue.kind) {
        guard remaining.count < SnapshotReader.mostSlots else {
          unread += 1
          continue
        }
        remaining.append(try await self.remaining(SlotID(worker: WorkerID(rawValue: member.worker), number: number)))
      }
    }
    // The slots that were not read are taken to be like those that were.
    remaining += (0..<unread).map { remaining[$0 % remaining.count] }
    var each: [Duration?] = []
    for entry in ahead { each.append(try await duration(of: entry)) }
    return QueueForecast.wait(remaining: remaining, ahead: each)
  }

  private mutating func remaining(_ slot: SlotID) async throws -> Duration? {
    guard let node = try await repository.session.read(NodeMap.slot(slot)) else { return nil }
    guard let record = try SlotRecord.decode(node) else { return .zero }
    guard let duration = try await duration(of: record.ticket.build.job, record.ticket.name) else { return nil }
    return max(.zero, duration - repository.now().since(record.claimed))
  }

  private mutating func duration(of entry: QueueEntry) async throws -> Duration? {
    guard let ticket = entry.ticket else { return nil }
    return try await duration(of: ticket.build.job, ticket.name)
  }

  /// How long the attempt of a ticket's name takes, going by the job as it is now.
  private mutating func duration(of job: JobName, _ ticket: String) async throws -> Duration? {
    guard ticket.first == "t", let task = Int(ticket.dropFirst().prefix { $0 != "a" }) else { return nil }
    if durations[job] == nil {
      guard durations.count < Self.mostJobs else { return nil }
      let known = await repository.expectedDurations(of: job)
      let tasks = (try? await repository.job(job).job.tasks) ?? []
      durations[job] = tasks.map { known[$0.name] }
    }
    guard let tasks = durations[job], tasks.indices.contains(task) else { return nil }
    return tasks[task]
  }
}
