import Coordination
import Model
import ObjectStorage
import SharedRepository

/// Watches every transaction from outside: reads what the stores hold, never what the product says of it.
final class Checker: @unchecked Sendable {
  private let history: History
  private let world: World
  let ensemble: Ensemble
  private let objects: SimulatedObjects
  private(set) var book = TicketBook()
  private(set) var running: [BuildID: BuildRecord] = [:]
  /// Every build that there ever was.
  private(set) var created: [BuildID: BuildRequest] = [:]
  /// The jobs whose builds somebody has ever paused.
  private(set) var paused: Set<JobName> = []
  /// The builds of which a task ever had a place at an environment: they are called when its turn comes.
  var deploying: Set<BuildID> = []
  /// History's entries of builds that have stopped running: they never change.
  private var entries: [BuildID: [UInt8]] = [:]
  /// What is paused now, or on its way out of that.
  private(set) var pauses: Set<PauseSubject> = []
  /// When a label's pause has changed last.
  private var labelsChanged = Int.min
  private var idleSince: [String: Int] = [:]
  /// The entries in the idle list, by the paths of their slots.
  private var parked: [String: Set<String>] = [:]
  private var ticketPlaces: [String: TicketPlace] = [:]

  init(history: History, world: World, ensemble: Ensemble, objects: SimulatedObjects) {
    self.history = history
    self.world = world
    self.ensemble = ensemble
    self.objects = objects
  }

  /// Takes in a transaction.
  func committed(_ nodes: [String: Tree.Touched], by who: String) {
    do {
      var touched: Set<BuildID> = []
      var slots: Set<String> = []
      var groups: Set<String> = []
      var environments: Set<String> = []
      for (path, node) in nodes.sorted(by: { $0.key < $1.key }) {
        let entry = node.new
        if let group = NodePath(path).groupPath { groups.insert(group) }
        if TicketBook.isPlace(path) {
          touched.formUnion(try book.take(path, entry?.data, now: world.now))
          slots.insert(path)
        } else if path.hasPrefix("/builds/"), let build = BuildID(nodeAt: path) {
          try take(build, from: node.old, to: entry, who)
          touched.insert(build)
        } else if path.hasPrefix("/builds/"), let build = BuildID(placeAt: path) {
          ticketPlaces[path] = try entry.map { try JSONBytes.decode(TicketPlace.self, from: $0.data) }
          touched.insert(build)
        } else if path.hasPrefix("/idle/"), let idle = IdleEntry(name: NodePath(path).name) {
          idleSince[path] = entry.map { _ in world.now }
          let slot = NodeMap.slot(idle.slot).string
          if entry == nil { parked[slot]?.remove(path) } else { parked[slot, default: []].insert(path) }
          slots.insert(slot)
        } else if path.hasPrefix("/pauses/") {
          take(pause: path, entry)
        } else if path.hasPrefix("/environments/") {
          if let environment = NodePath(path).environmentPath { environments.insert(environment) }
        } else if path.hasPrefix("/jobs/") {
          checkCounter(path, node.old, entry)
        }
      }
      for build in touched.sorted(by: { $0.description < $1.description }) {
        try checkPlacesAtEnvironments(of: build, who)
        checkTickets(of: build, who)
        checkMembership(of: build, who)
      }
      for group in groups.sorted() { try checkGroup(group, nodes, who) }
      for path in environments.sorted() { try checkEnvironment(path, who) }
      for slot in slots.sorted() { checkParked(slot, who) }
    } catch {
      report("a transaction of \(who) wrote what cannot be read: \(error)")
    }
  }

  private func take(pause path: String, _ entry: Tree.Entry?) {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count == 3 else { return }
    let subject: PauseSubject
    if parts[1] == "jobs", let job = try? JobName(parts[2]) {
      paused.insert(job)
      subject = .job(job)
    } else if parts[1] == "environments", let environment = try? DeployTarget(parts[2]) {
      subject = .environment(environment)
    } else if let label = try? Label(parts[2]) {
      labelsChanged = world.now
      subject = .label(label)
    } else {
      return report("\(path) is no pause")
    }
    if entry == nil { pauses.remove(subject) } else { pauses.insert(subject) }
  }

  /// An entry in the idle list stands for a slot that is free, at the very version that it names.
  private func checkParked(_ slot: String, _ who: String) {
    for path in (parked[slot] ?? []).sorted() {
      let entry = ensemble.tree.entries[slot]
      if entry?.data.isEmpty != true || entry?.version != IdleEntry(name: NodePath(path).name)?.version {
        report("\(path) is in the idle list, and its slot is not free so, by \(who)")
      }
    }
  }

  /// What stands beside a build of an attempt's ticket is where the ticket is.
  func checkPlace(of name: String, _ build: BuildID, _ who: String) {
    let location = book.locations[build]?[name]
    let said: String?
    switch ticketPlaces[NodeMap.place(of: build, ticket: name).string] {
    case .queued(let record): said = record.entry.string
    case .claimed(let record): said = NodeMap.slot(record.slotID).string
    case nil: said = nil
    }
    if said != location {
      report("ticket \(name) of \(build) is at \(location ?? "-"), and said to be at \(said ?? "-"), by \(who)")
    }
  }

  func report(_ problem: String) {
    world.note("CHECKER", problem)
    history.report(problem)
  }

  private func checkCounter(_ path: String, _ old: Tree.Entry?, _ new: Tree.Entry?) {
    guard let old, let new, let last = Int(String(decoding: old.data, as: UTF8.self)) else { return }
    let next = Int(String(decoding: new.data, as: UTF8.self)) ?? 0
    if next < last { report("the counter \(path) went back from \(last) to \(next)") }
  }

  private func take(_ build: BuildID, from old: Tree.Entry?, to new: Tree.Entry?, _ who: String) throws {
    let before = running[build]
    guard let new else {
      running[build] = nil
      if let old { try checkEnd(of: build, version: old.version) }
      return
    }
    guard new.created != old?.created || new.version != old?.version else { return }
    let record = try ReadRecord<BuildRecord>(new.data, knowing: StoredPages()).whole().record
    running[build] = record
    if old == nil {
      if created[build] != nil { report("build \(build) was created twice") }
      created[build] = record.request
    }
    if let before, before.request != record.request { report("the request of \(build) was replaced by \(who)") }
    if let before, !record.state.follows(before.state, mayRest: paused.contains(build.job) || deploying.contains(build))
    {
      report("the state of \(build) went back, by \(who)")
    }
  }

  /// A build stops running only once history has it, as it was when it stopped.
  private func checkEnd(of build: BuildID, version: Int) throws {
    guard let ended = try ended(build) else { return report("build \(build) was removed without an end in history") }
    entries[build] = entry(of: build)
    if ended.version != version { report("build \(build) ended at version \(version), history has \(ended.version)") }
    if ended.record.state.verdict == nil { report("build \(build) was removed without a verdict") }
  }

  func ended(_ build: BuildID) throws -> EndedBuild? {
    try entry(of: build).map { try ReadRecord<EndedBuild>($0, knowing: StoredPages()).whole().record }
  }

  private func entry(of build: BuildID) -> [UInt8]? {
    let key = ObjectMap.buildEntry(build.number)
    return objects.entries(of: ObjectMap.builds(of: build.job)).first { $0.key == key }?.value
  }

  /// What history says of a build that has stopped running stays as it was.
  func checkHistoryStays() {
    for (build, known) in entries.sorted(by: { $0.key < $1.key }) where entry(of: build) != known {
      report("history of \(build) has changed after it had ended")
    }
  }

  func objects(of job: JobName) -> [IndexEntry] { objects.entries(of: ObjectMap.builds(of: job)) }

  /// No ticket waits while a slot waits that could take it. Only asked in runs without faults.
  ///
  /// - Parameter bound: how long both may wait, in microseconds. Less than the time between two sweeps of recovery, which
  ///   would hide that nobody was woken.
  func checkWaiting(bound: Int) {
    for (path, since) in book.since where path.hasPrefix("/queues/") && world.now - since > bound {
      guard let ticket = book.places[path] else { continue }
      // What was held until now is waited for from now on.
      guard ticket.queue.labels.isEmpty || pauses.isEmpty && world.now - bound > labelsChanged else { continue }
      for (idle, parked) in idleSince where world.now - parked > bound && canTake(idle, ticket) {
        report("ticket \(ticket.name) of \(ticket.build) waits in its queue although \(idle) is parked")
      }
    }
  }

  private func canTake(_ idle: String, _ ticket: Ticket) -> Bool {
    let parts = idle.split(separator: "/").map(String.init)
    guard parts.count >= 4, parts[1] == ticket.queue.kind.rawValue, let entry = IdleEntry(name: parts[parts.count - 1]),
      NodeMap.labels(ofComponent: parts[2]).isSuperset(of: ticket.queue.labels),
      let slot = ensemble.tree.entries[NodeMap.slot(entry.slot).string]
    else { return false }
    return slot.data.isEmpty && slot.version == entry.version
  }

  var isQuiet: Bool { running.isEmpty && book.places.isEmpty }

  /// Workers that are gone, and whose slots are not yet removed.
  var unrecovered: [String] {
    let tree = ensemble.tree
    return (tree.children(NodeMap.slots) ?? []).flatMap { bucket in
      let alive = Set(tree.children(NodeMap.workers / bucket) ?? [])
      return (tree.children(NodeMap.slots / bucket) ?? []).filter { !alive.contains($0) }
    }
  }

  /// What keeps the system from being quiet.
  var unrest: String {
    let builds = running.keys.map(\.description).sorted().joined(separator: ", ")
    let tickets = book.places.sorted { $0.key < $1.key }.map { "\($0.value.name) of \($0.value.build) at \($0.key)" }
    return "running: \(builds.isEmpty ? "-" : builds); tickets: \(tickets.joined(separator: ", ")); "
      + "not recovered: \(unrecovered.joined(separator: ", ")); paused: \(pauses.map(\.description).sorted())"
  }
}

extension BuildID {
  /// The build whose node has this path; `nil` for buckets and what is below builds.
  init?(nodeAt path: String) {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count == 4, let number = Int(parts[3]), let job = try? JobName(parts[1]) else { return nil }
    self.init(job: job, number: number)
  }
}

extension BuildID {
  /// The build beside which this path says where a ticket is.
  fileprivate init?(placeAt path: String) {
    guard path.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 5, let parent = NodePath(path).parent else {
      return nil
    }
    self.init(nodeAt: parent.string)
  }
}

extension BuildState {
  /// Whether one state can come after another: what has ended stays as it ended.
  ///
  /// - Parameter mayRest: whether another attempt may have to wait until a pause is over.
  func follows(_ earlier: BuildState, mayRest: Bool) -> Bool {
    guard tasks.count == earlier.tasks.count else { return false }
    if let before = earlier.cancelled, cancelled != before {
      // Only a cancellation that spares nothing takes the place of one that spared something.
      guard before.sparesDeploys == true, cancelled != nil, cancelled?.sparesDeploys != true else { return false }
    }
    if earlier.started != nil, started != earlier.started { return false }
    return zip(tasks, earlier.tasks).allSatisfy { now, before in
      guard now.attempts.starts(with: before.attempts) else { return false }
      switch (before.phase, now.phase) {
      case (.waiting, _): return true
      case (_, .waiting): return false
      case (.posted, .ready): return mayRest && now.attempts.count > before.attempts.count
      case (.resting, .ready): return mayRest
      case (.ready, _): return true
      case (.posted, _), (.resting, _): return true
      case (.ended(let old), .ended(let new)): return old == new
      case (.ended, _): return false
      }
    }
  }
}
