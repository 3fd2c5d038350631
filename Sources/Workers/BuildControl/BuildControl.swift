import Coordination
import Logging
import Model
import ObjectStorage
import SharedRepository

/// Moves builds on. Takes an event, works out with the pure reducer what follows, and stores the new state, posts the
/// tickets and finishes its own claim in one transaction. Whoever was overtaken reads again.
struct BuildControl: SlotWorker {
  let repository: SharedRepository
  let logger: Logger

  func work(
    _ held: SlotState, in slot: Slot, then next: @Sendable () -> AfterFinish, stop: WorkStop
  ) async throws -> SlotState {
    guard let record = held.record, case .advance(let event) = record.ticket.work else {
      return try await slot.finish(held, then: next())
    }
    while true {
      guard let running = try await repository.runningBuild(record.ticket.build) else {
        return try await slot.finish(held, then: next())
      }
      guard let step = try await step(running, event) else { continue }
      do {
        return try await slot.finish(held, with: step.changes, posting: step.tickets, then: next())
      } catch let error as CoordinationError where error.isOvertaken {
        try await repository.makeRoom(error)
      }
    }
  }

  /// What an event comes to, from this state of the build.
  ///
  /// - Returns: `nil` when the build must be read again first.
  private func step(_ running: RunningBuild, _ event: BuildEvent) async throws -> Step? {
    let request = running.record.request
    let plan = try await repository.plan(of: request)
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
    for case .post(let task, let attempt) in actions {
      step.tickets.append(ticket(task, attempt, plan, state))
    }
    if actions.contains(where: \.isEnd) {
      let conclusion = Conclusion(repository: repository, plan: plan, running: running)
      guard let end = try await conclusion.step(state) else { return nil }
      return Step(changes: step.changes + end.changes, tickets: step.tickets + end.tickets)
    }
    guard state != running.record.state else { return step }
    let data = try encode(BuildRecord(request: request, state: state))
    step.changes.append(.write(NodeMap.build(request.build), data, expecting: running.version))
    return step
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

  private func ticket(_ task: Int, _ attempt: Int, _ plan: Plan, _ state: BuildState) -> Ticket {
    let definition = plan.tasks[task]
    return Ticket(
      queue: QueueClass(kind: definition.work.kind, labels: definition.labels), build: plan.request.build,
      work: .attempt(
        TaskAttempt(
          request: plan.request, task: task, number: attempt, workspace: state.workspace(before: task, plan))),
      requested: plan.request.requested, posted: repository.now(), priority: plan.request.priority)
  }

  /// The record as it fits in a node: without what is known of earlier attempts when it would be too large.
  private func encode(_ record: BuildRecord) throws -> [UInt8] {
    var record = record
    for kept in [AttemptOutcome.mostErrored, 2, 1] {
      record.state.forgetAttempts(keeping: kept)
      let data = try JSONBytes.encode(record)
      if data.count <= CoordinationLimits.nodeSize { return data }
    }
    return try JSONBytes.encode(record)
  }
}

/// What one step of a build writes.
struct Step: Sendable {
  var changes: [Change] = []
  var tickets: [Ticket] = []
}

extension BuildAction {
  fileprivate var isWithdrawal: Bool {
    if case .withdraw = self { true } else { false }
  }

  fileprivate var isEnd: Bool {
    if case .end = self { true } else { false }
  }
}
