import Coordination
import Logging
import Model
import ObjectStorage
import SharedRepository
import Workers

/// A whole system in one world: stores, processes, the people who use it, and what befalls it.
final class Site: @unchecked Sendable {
  let world: World
  let ensemble: Ensemble
  let objects: SimulatedObjects
  let history: History
  let checker: Checker
  let scenario: Scenario
  private let seed: UInt64
  private let mutant: Mutant?
  private let jobs: [JobName: Job]
  private(set) var workers: [WorkerProcess?] = []
  private var frontends: [FrontendProcess] = []
  private var started = 0
  private(set) var isUp = false
  private var quietSince: Int?
  private var wasSent: Set<Int> = []
  private var isOver = false
  /// For how long changes to a build are on their way.
  private var heldUp: [NodePath: Int] = [:]
  /// Whether faults are over.
  private(set) var isMending = false

  /// How long everything may take after the last fault, in microseconds: the waits between attempts that errored take most
  /// of it.
  static let patience = 1_200_000_000
  /// Without faults, nobody waits for longer than this beside somebody who could take his ticket: less than half of what
  /// recovery takes to come by.
  static let wakeBound = 3_000_000
  /// How long it must have been quiet before everybody goes home, in microseconds: what is still on its way then arrives.
  static let rest = 6_000_000
  static let mostSteps = 400_000

  init(seed: UInt64, mutant: Mutant?, trace: Trace) throws {
    self.seed = seed
    self.mutant = mutant
    world = World(seed: seed, trace: trace)
    let scenario = Scenario(&world.random)
    self.scenario = scenario
    ensemble = Ensemble(world, network: scenario.network)
    objects = SimulatedObjects(world, network: scenario.network)
    history = History { scenario.work($0, seed: seed) }
    checker = Checker(history: history, world: world, ensemble: ensemble, objects: objects)
    jobs = try scenario.jobs.reduce(into: [:]) { jobs, name in jobs[try JobName(name)] = try JobFiles.job(name) }
    ensemble.committed = { [unowned checker] in checker.committed($0, by: $1) }
  }

  func store(for process: SimulatedProcess) -> any CoordinationStore {
    let store = ensemble.store(for: process)
    return mutant.map { MutatedStore(store: store, mutant: $0, process: process) } ?? store
  }

  func objectStore(for process: SimulatedProcess) -> any ObjectStore {
    let store = objects.store(for: process)
    return mutant.map { MutatedObjects(store: store, mutant: $0) } ?? store
  }

  /// Clocks of hosts differ.
  func wallClock(_ process: SimulatedProcess) -> @Sendable () -> Timestamp {
    let skew = Int64(world.random.pick(-2_000...2_000))
    // The schedule of the job `cron` is due some seconds after this.
    return { Timestamp(milliseconds: 1_700_000_005_000 + skew + Int64(process.world.now / 1_000)) }
  }

  func logger(_ process: SimulatedProcess) -> Logger {
    Logger(label: process.name) { _ in SwiftLogNoOpLogHandler() }
  }

  // MARK: The run

  func run() throws {
    for _ in 0..<scenario.frontends { startFrontend() }
    for plan in scenario.workers { workers.append(try startWorker(plan)) }
    frontends[0].apply(jobs.sorted { $0.key < $1.key }.map(\.value)) { [unowned self] in isUp = true }
    guard world.run(until: Site.patience, steps: Site.mostSteps, { isUp }) else {
      return history.report("the system does not come up")
    }
    plan()
    let begin = world.now
    _ = world.run(until: begin + scenario.end, steps: Site.mostSteps) { world.now > begin + scenario.end }
    try mend()
    let limit = world.now + Site.patience
    let isQuiet = world.run(until: limit, steps: Site.mostSteps) { isDone }
    guard isQuiet else { return history.report("does not come to rest: \(checker.unrest); \(unrest)") }
    guard history.problems.isEmpty else { return }
    checker.checkEnd(history, jobs: jobs, calm: scenario.isCalm) { scenario.work($0, seed: seed) }
    goHome()
    guard world.run(until: world.now + Site.patience, steps: Site.mostSteps, { isEmpty }) else {
      return history.report("workers do not leave, or are not cleaned up after")
    }
    checker.checkLeftovers(ensemble.tree, history)
  }

  private func startFrontend() {
    started += 1
    frontends.append(FrontendProcess(world.process("frontend\(started)"), self))
  }

  private func startWorker(_ plan: Scenario.WorkerPlan) throws -> WorkerProcess {
    started += 1
    return try WorkerProcess(world.process("worker\(started)"), plan, self)
  }

  private func plan() {
    for (number, plan) in scenario.triggers.enumerated() {
      let jobs = plan.jobs.compactMap { try? JobName($0) }
      history.triggers.append(History.Trigger(number: number, jobs: jobs, isDelivery: plan.isDelivery))
      world.schedule(after: plan.time) { [unowned self] in send(number, plan) }
      if plan.isDoubled { world.schedule(after: plan.time + 1_000) { [unowned self] in send(number, plan) } }
    }
    for (time, wish) in scenario.wishes { world.schedule(after: time) { [unowned self] in grant(wish) } }
    ensemble.holdUp = { [unowned self] in holdUp($0) }
    history.completed = { [unowned self] in surprise($0) }
    for (time, fault) in scenario.faults { world.schedule(after: time) { [unowned self] in befall(fault) } }
    if scenario.isCalm { look() }
    if scenario.jobs.contains("ship") { approveAll() }
  }

  /// Looks every so often whether somebody was forgotten.
  private func look() {
    guard !isOver else { return }
    checker.checkWaiting(bound: Site.wakeBound)
    world.schedule(after: 500_000) { [unowned self] in look() }
  }

  // MARK: People

  private func send(_ number: Int, _ plan: Scenario.TriggerPlan) {
    let trigger = history.triggers[number]
    guard trigger.acknowledged == nil else { return }
    wasSent.insert(number)
    frontends[world.random.below(frontends.count)].trigger(trigger, history)
    if let delay = plan.cancelledAfter { world.schedule(after: delay) { [unowned self] in cancel(number) } }
    guard plan.isDelivery else { return }
    // Who sent it waits for a time, and sends it again.
    world.schedule(after: 3_000_000) { [unowned self] in send(number, plan) }
  }

  private func cancel(_ number: Int) {
    for build in history.triggers[number].acknowledged ?? [] {
      frontends[world.random.below(frontends.count)].cancel(build, history)
    }
  }

  private func grant(_ wish: Scenario.Wish) {
    let frontend = frontends[world.random.below(frontends.count)]
    switch wish {
    case .pauseJob(let job, let duration):
      if let job = try? JobName(job) { frontend.pause(.job(job), for: duration, history) }
    case .pauseLabel(let label, let duration):
      if let label = try? Label(label) { frontend.pause(.label(label), for: duration, history) }
    case .pauseEnvironment(let name, let duration):
      if let environment = try? DeployTarget(name) { frontend.pause(.environment(environment), for: duration, history) }
    case .drain(let worker):
      guard let process = workers[worker]?.process,
        let session = ensemble.sessions.last(where: { $0.process === process })
      else { return }
      frontend.drain(WorkerID(host: process.name, session: session.id).rawValue)
    }
  }

  /// What somebody does when a run comes to its end.
  private func surprise(_ run: Int) {
    for surprise in scenario.surprises where surprise.run == run && !isMending {
      let build = history.runs[run].build
      let frontend = frontends[world.random.below(frontends.count)]
      if surprise.heldUp > 0 { heldUp[NodeMap.build(build)] = surprise.heldUp }
      world.schedule(after: surprise.delay) { [unowned self] in
        world.note("somebody", "comes in at the end of run \(run) with \(surprise.act)")
        switch surprise.act {
        case .cancel: frontend.cancel(build, history)
        case .resume: for subject in checker.pauses { frontend.resume(subject, history) }
        }
      }
    }
  }

  private func holdUp(_ changes: [Change]) -> Int {
    heldUp.isEmpty ? 0 : changes.compactMap { heldUp[$0.path] }.max() ?? 0
  }

  /// Every pause is ended, whatever became of those who made them.
  private func resumeAll() {
    guard !isOver else { return }
    let frontend = frontends[world.random.below(frontends.count)]
    for subject in checker.pauses { frontend.resume(subject, history) }
    world.schedule(after: 5_000_000) { [unowned self] in resumeAll() }
  }

  /// Somebody looks now and then what waits to be approved.
  private func approveAll() {
    guard !isOver else { return }
    for (build, record) in checker.running.sorted(by: { $0.key.description < $1.key.description })
    where record.state.tasks.contains(where: { $0.place?.status == .unapproved && $0.approval == nil }) {
      if let task = try? TaskName("b") { frontends[world.random.below(frontends.count)].approve(build, task: task) }
    }
    world.schedule(after: 300_000) { [unowned self] in approveAll() }
  }

  /// Nobody lets an endless build run for ever.
  private func cancelEndless() {
    guard !isOver else { return }
    for build in checker.running.keys.sorted(by: { $0.description < $1.description })
    where build.job.rawValue == "endless" {
      frontends[world.random.below(frontends.count)].cancel(build, history)
    }
    world.schedule(after: 5_000_000) { [unowned self] in cancelEndless() }
  }

  // MARK: Faults

  private func befall(_ fault: Scenario.Fault) {
    guard !isMending else { return }
    switch fault {
    case .kill(let worker): workers[worker]?.process.kill()
    case .stop(let worker, let duration):
      if let process = workers[worker]?.process { stop(process, duration) }
    case .drain(let worker): inside(worker) { $0.finish() }
    case .handBack(let worker):
      inside(worker) {
        $0.finish()
        $0.handBack()
      }
    case .killFrontend(let number):
      frontends[number].process.kill()
      let process = world.process("frontend\(frontends.count + 1)'")
      frontends[number] = FrontendProcess(process, self)
    case .stopFrontend(let number, let duration): stop(frontends[number].process, duration)
    case .cut(let which): session(which).map(ensemble.cut)
    case .expire(let which): session(which).map(ensemble.expire)
    case .away(let duration):
      world.note("store", "is away")
      ensemble.isAway = true
      for session in ensemble.sessions { ensemble.cut(session) }
      world.schedule(after: duration) { [unowned self] in ensemble.isAway = false }
    }
  }

  private func stop(_ process: SimulatedProcess, _ duration: Int) {
    process.stop()
    world.schedule(after: duration) { process.resume() }
  }

  private func session(_ which: Int) -> SimulatedSession? {
    let alive = ensemble.sessions.filter(\.isAlive)
    return alive.isEmpty ? nil : alive[which % alive.count]
  }

  private func inside(_ number: Int, _ action: @escaping (Worker) -> Void) {
    guard let worker = workers[number] else { return }
    world.deliver(to: worker.process, after: 0) { action(worker.worker) }
  }

  /// All that was broken is mended: nothing goes wrong from now on.
  private func mend() throws {
    world.note("world", "is mended")
    isMending = true
    ensemble.isAway = false
    ensemble.network.refusalPermille = 0
    ensemble.network.cutPermille = 0
    ensemble.network.slowPermille = 0
    objects.network.objectFailurePermille = 0
    for process in world.processes { process.resume() }
    for (number, worker) in workers.enumerated() {
      guard let worker, worker.process.isGone || !scenario.isCalm && isLeaving(number) else { continue }
      workers.append(try startWorker(worker.plan))
    }
    cancelEndless()
    resumeAll()
  }

  private func isLeaving(_ number: Int) -> Bool {
    scenario.faults.contains { fault in
      switch fault.fault {
      case .drain(let worker), .handBack(let worker): worker == number
      default: false
      }
    }
      || scenario.wishes.contains { wish in
        if case .drain(let worker) = wish.wish { worker == number } else { false }
      }
  }

  // MARK: The end

  /// Whether everything that was wanted has ended, and has been so for a time.
  private var isDone: Bool {
    guard isSettled else {
      quietSince = nil
      return !history.problems.isEmpty
    }
    let since = quietSince ?? world.now
    quietSince = since
    return world.now > since + Site.rest
  }

  private var isSettled: Bool {
    // A session that its client has given up and the store has not leaves slots that nobody may recover yet.
    checker.isQuiet && checker.pauses.isEmpty && history.errands.allSatisfy(\.isGone)
      && checker.unrecovered.isEmpty && ensemble.sessions.allSatisfy { !$0.isAlive || !$0.isOver && !$0.process.isGone }
      && history.triggers.allSatisfy { trigger in
        // One that can be sent again is sent until it is taken; any other had its chance.
        trigger.acknowledged != nil
          || !trigger.isDelivery && wasSent.contains(trigger.number) && trigger.carriers.allSatisfy(\.isGone)
      }
  }

  /// What keeps people from being content.
  private var unrest: String {
    let triggers = history.triggers.filter { $0.acknowledged == nil }.map(\.number)
    let open = ensemble.sessions.filter { $0.isAlive && ($0.isOver || $0.process.isGone) }.map(\.id)
    return "triggers under way: \(triggers); errands: \(history.errands.map(\.name)); sessions that linger: \(open)"
  }

  private func goHome() {
    world.note("world", "asks the workers to leave")
    isOver = true
    for number in workers.indices { inside(number) { $0.finish() } }
  }

  private var isEmpty: Bool {
    workers.allSatisfy { $0?.process.isGone ?? true }
      && ensemble.sessions.allSatisfy { session in
        !session.isAlive || frontends.contains { $0.process === session.process && !session.process.isGone }
      }
  }
}
