import Coordination
import LocalThreads
import Logging
import Model
import ObjectStorage
import SharedRepository

/// Moves builds on. Takes an event, works out with the pure reducer what follows, and stores the new state, posts the
/// tickets and finishes its own claim in one transaction. Whoever was overtaken reads again.
struct BuildControl: SlotWorker {
  let repository: SharedRepository
  let clock: any Clock<Duration>
  let logger: Logger

  /// So many workers may be lost while they have the same ticket before its build is given up.
  static let mostLosses = 5

  func work(
    _ held: SlotState, in slot: Slot, then next: @Sendable () -> AfterFinish, stop: WorkStop
  ) async throws -> SlotState {
    guard let ticket = held.record?.ticket, case .advance(let event) = ticket.work else {
      return try await slot.finish(held, then: next())
    }
    do {
      // Of one that somebody had before, it is not even likely that nothing has happened to its build.
      var created = ticket.losses == 0 ? try await repository.firstState(of: ticket) : nil
      var recent = repository.recentBuild(ticket.build, for: event)
      while true {
        var known = created.take() ?? recent.take()
        if known == nil { known = try await repository.runningBuild(ticket.build) }
        guard let running = known else { return try await slot.finish(held, then: next()) }
        guard let step = try await step(running, event, ticket) else { continue }
        do {
          let state = try await slot.finish(
            held, with: step.changes, posting: step.tickets, knowing: step.look, then: next())
          if let (record, data) = step.stored { repository.keep(record, data, after: running) }
          await forget(running, step)
          return state
        } catch let error as CoordinationError where error.isOvertaken {
          try await repository.makeRoom(error)
        }
      }
    } catch let error where error.isWorthHandingBack {
      return try await handBack(held, ticket, error, slot, next)
    }
  }

  /// Gives the ticket back after a pause, because the build cannot be moved on now. When that is not for the want of a
  /// store, it counts as a loss. A build whose very record cannot be read is left as it is after some losses: there is
  /// nothing that the ticket could still do.
  private func handBack(
    _ held: SlotState, _ ticket: Ticket, _ error: any Error, _ slot: Slot, _ next: @Sendable () -> AfterFinish
  ) async throws -> SlotState {
    var ticket = ticket
    if !error.isWantOfStore { ticket.losses += 1 }
    logger.error(
      "A build cannot be moved on now", metadata: ["build": "\(ticket.build)", "error": "\(error)"])
    try await clock.sleep(for: .seconds(1))
    let isHopeless = error.isDamage && ticket.losses >= 2 * Self.mostLosses
    return try await slot.finish(held, posting: isHopeless ? [] : [ticket], then: next())
  }

  /// Removes what an earlier state left behind. It is not missed, and nobody waits for it.
  private func forget(_ running: RunningBuild, _ step: Step) async {
    guard let pages = step.pages else { return }
    do {
      try await repository.forget(running, but: pages)
    } catch {
      logger.debug("Could not remove an earlier state", metadata: ["error": "\(error)"])
    }
  }

  /// What an event comes to, from this state of the build.
  ///
  /// - Returns: `nil` when the build must be read again first.
  private func step(_ running: RunningBuild, _ event: BuildEvent, _ ticket: Ticket) async throws -> Step? {
    guard ticket.losses < Self.mostLosses else {
      return try await abandoning(running, because: "\(ticket.losses) workers were lost while they moved it on")
    }
    do {
      return try await step(running, event)
    } catch let error as RepositoryError where error.code != .unavailable && error.code != .noSpace {
      return try await abandoning(running, because: "it cannot be moved on: \(error.message)")
    }
  }

  /// Ends a build that cannot go on, so that it ends nevertheless. What it waited for the time of is forgotten.
  private func abandoning(_ running: RunningBuild, because reason: String) async throws -> Step? {
    logger.error("A build is given up", metadata: ["build": "\(running.record.request.build)", "reason": "\(reason)"])
    let request = running.record.request
    var state = running.record.state
    let forgotten = state.timers.map { Timer($0.timer, at: $0.time, of: request) }
    state.abandon(because: reason, now: repository.now())
    let conclusion = Conclusion(repository: repository, running: running)
    guard var step = try await conclusion.abandon(state, because: reason) else { return nil }
    step.changes += try await Timers(session: repository.session, now: repository.now).clearing(forgotten)
    return step
  }

  /// What an event comes to, from this state of the build.
  ///
  /// - Returns: `nil` when the build must be read again first.
  private func step(_ running: RunningBuild, _ event: BuildEvent) async throws -> Step? {
    let request = running.record.request
    let (plan, event) = try await repository.plan(of: running.record, after: event)
    var step = Step()
    var state = running.record.state
    var actions = state.advance(plan, try await completed(event, plan), now: repository.now())
    while let position = actions.firstIndex(where: \.isWithdrawal) {
      guard case .withdraw(let task, let attempt) = actions.remove(at: position) else { continue }
      let withdrawal = Withdrawal(repository: repository, plan: plan, state: state)
      guard let (changes, outcome) = try await withdrawal.changes(task: task, attempt: attempt) else { return nil }
      step.changes += changes
      if let outcome { actions += state.advance(plan, .ended(outcome), now: repository.now()) }
    }
    // Only who is about to post asks, so that other steps cost nothing.
    let classes = Set(actions.compactMap { $0.posted.map { plan.tasks[$0].queue } })
    var heldBack: [Int] = []
    if !classes.isEmpty {
      let look = StoreThreads.immediate { [repository] in try await repository.poster.look(for: classes) }
      if let (pause, version) = try await repository.pause(of: .job(request.build.job)), !pause.isEnding {
        heldBack = actions.compactMap(\.posted)
        actions = state.hold(actions)
        // Whoever ends the pause changes its node first and calls the builds then: one of the two sees the other.
        step.changes.append(.check(NodeMap.pause(of: .job(request.build.job)), expecting: version))
      }
      step.look = try await look.value
    }
    var gate = DeployGate(repository: repository, plan: plan)
    try await gate.pass(&actions, &state, &step, heldBack: heldBack)
    for (task, attempt) in await longestFirst(actions, plan) {
      step.tickets.append(.attempt(task, attempt, plan, state, at: repository.now()))
    }
    for case .proceed(let turn) in actions {
      step.tickets.append(.advance(.proceed(turn: turn), after: request, at: repository.now()))
    }
    step.changes += try await timerChanges(actions, request)
    if actions.contains(where: \.isEnd) {
      let conclusion = Conclusion(repository: repository, running: running)
      guard let end = try await conclusion.step(state) else { return nil }
      return Step(changes: step.changes + end.changes, tickets: step.tickets + end.tickets, pages: end.pages)
    }
    guard state != running.record.state else { return step }
    let record = BuildRecord(request: request, state: state)
    let (data, pages) = try await repository.nodeData(of: record, after: running)
    step.pages = pages
    step.stored = (record, data)
    step.changes.append(.write(NodeMap.build(request.build), data, expecting: running.version))
    return step
  }

  private func timerChanges(_ actions: [BuildAction], _ request: BuildRequest) async throws -> [Change] {
    let set = actions.compactMap { if case .set(let it, let at) = $0 { Timer(it, at: at, of: request) } else { nil } }
    let clear = actions.compactMap {
      if case .clear(let it, let at) = $0 { Timer(it, at: at, of: request) } else { nil }
    }
    let timers = Timers(session: repository.session, now: repository.now)
    return try await timers.setting(set.filter { !clear.contains($0) })
      + timers.clearing(clear.filter { !set.contains($0) })
  }

  /// The attempts to be posted: the longest expected first.
  private func longestFirst(_ actions: [BuildAction], _ plan: Plan) async -> [(task: Int, attempt: Int)] {
    let posts = actions.compactMap { action in
      if case .post(let task, let attempt) = action { (task: task, attempt: attempt) } else { nil }
    }
    guard posts.count > 1 else { return posts }
    return await repository.expectedDurations(of: plan.request).slowestPartFirst(in: plan)
      .longestFirst(posts) { plan.tasks[$0.task].name }
  }

  /// A lost worker could not say how much it had logged: what is there then is the attempt's log.
  private func completed(_ event: BuildEvent, _ plan: Plan) async throws -> BuildEvent {
    guard case .ended(var outcome) = event, outcome.verdict != .succeeded, outcome.logSize == 0,
      plan.tasks.indices.contains(outcome.task)
    else { return event }
    let task = plan.tasks[outcome.task].name
    outcome.logSize = try await repository.storage(of: plan.request.build, task: task, token: outcome.token)
      .logReader.currentLength()
    return .ended(outcome)
  }
}

/// What one step of a build writes.
struct Step: Sendable {
  var changes: [Change] = []
  var tickets: [Ticket] = []
  /// Slots that may take them.
  var look = IdleLook()
  /// Where the states of the build's tasks stand after it, if it changes the build.
  var pages: StoredPages?
  /// The build after it, and what stands in its node then, unless it ends.
  var stored: (record: BuildRecord, data: [UInt8])?
}

extension Error {
  /// Whether a store could not be used for the moment.
  fileprivate var isWantOfStore: Bool {
    switch self {
    case let error as ObjectStoreError: error.code == .unavailable || error.code == .noSpace
    case let error as CoordinationError: error.code == .unavailable || error.code == .noSpace
    case let error as RepositoryError: error.code == .unavailable || error.code == .noSpace
    default: false
    }
  }

  /// Whether what is stored is not what was written.
  fileprivate var isDamage: Bool {
    self is DecodingError || (self as? RepositoryError)?.code == .damaged
  }

  /// Whether the claim and the session are as they were, so that the ticket can be given back.
  fileprivate var isWorthHandingBack: Bool {
    switch self {
    case is ClaimLost, is CancellationError: false
    case let error as CoordinationError: error.code != .sessionEnded
    default: true
    }
  }
}

extension BuildAction {
  fileprivate var isWithdrawal: Bool {
    if case .withdraw = self { true } else { false }
  }

  /// The task that is to be posted.
  var posted: Int? {
    if case .post(let task, _) = self { task } else { nil }
  }

  fileprivate var isEnd: Bool {
    if case .end = self { true } else { false }
  }
}
