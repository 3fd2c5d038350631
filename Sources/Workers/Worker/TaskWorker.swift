import Coordination
import Logging
import Model
import SharedRepository

/// Works on attempts at tasks: has a performer do them, and reports how they ended.
struct TaskWorker: SlotWorker {
  let performer: any TaskPerformer
  let repository: SharedRepository
  let configuration: WorkerConfiguration
  let clock: any Clock<Duration>
  let logger: Logger

  func work(
    _ held: SlotState, in slot: Slot, then next: @Sendable () -> AfterFinish, stop: WorkStop
  ) async throws -> SlotState {
    guard let record = held.record, case .attempt(let attempt) = record.ticket.work else {
      return try await slot.finish(held, then: next())
    }
    let outcome = try await outcome(of: attempt, record, by: slot.id, stop: stop)
    if stop.reason == .lost { throw ClaimLost(token: record.token) }
    let isGivenBack = stop.reason == .handBack && outcome.verdict == .errored
    while true {
      do {
        return try await slot.finish(held, posting: { followUp($0, outcome, isGivenBack, slot) }, then: next())
      } catch let error as CoordinationError where error.code == .unavailable || error.code == .noSpace {
        // The work is done: its result is not thrown away because the store has no room for the moment.
        logger.warning("An attempt's end cannot be reported now; trying again", metadata: ["error": "\(error)"])
        try await clock.sleep(for: .seconds(1))
      }
    }
  }

  /// The news that the attempt has ended; or the ticket itself, for another worker, when this one ends before its work
  /// does. A cancellation that came meanwhile is not lost: then it ends here.
  private func followUp(
    _ record: SlotRecord, _ outcome: AttemptOutcome, _ isGivenBack: Bool, _ slot: Slot
  ) -> [Ticket] {
    guard case .attempt(let attempt) = record.ticket.work else { return [] }
    var outcome = outcome
    if isGivenBack {
      guard let by = record.cancelledBy else {
        var ticket = record.ticket
        ticket.avoid(slot.id.worker.rawValue)
        return [ticket]
      }
      outcome.fail(CancellationError(), .cancelled(by: by))
    }
    var news = Ticket.advance(.ended(outcome), after: attempt.request, at: repository.now())
    news.begun = BegunBuild(attempt)
    return [news]
  }

  private func outcome(
    of attempt: TaskAttempt, _ record: SlotRecord, by slot: SlotID, stop: WorkStop
  ) async throws -> AttemptOutcome {
    var outcome = AttemptOutcome(
      task: attempt.task, attempt: attempt.number, token: record.token, worker: slot.worker.rawValue,
      verdict: .errored, started: repository.now(), finished: repository.now())
    do {
      let plan = try await plan(of: attempt)
      let storage = repository.storage(
        of: attempt.request.build, task: plan.tasks[attempt.task].name, token: record.token)
      let log = AttemptLog(storage: storage, limit: configuration.logLimit, clock: clock)
      let (workspace, layers) = try await workspace(of: attempt, plan)
      let assignment = Assignment(
        attempt: attempt, plan: plan, workspace: workspace, layers: layers, repository: repository, storage: storage,
        log: log, stop: stop)
      let result = await stop.performing { [performer] in try await performer.perform(assignment) }
      if case .cancelled(let by)? = stop.reason { try await log.line("cancelled by \(by)") }
      outcome.logSize = try await log.close()
      outcome.take(try result.get(), startedFrom: workspace)
    } catch {
      outcome.fail(error, stop.reason)
      logger.log(
        level: stop.reason == nil ? .warning : .debug, "An attempt went wrong",
        metadata: ["build": "\(attempt.request.build)", "task": "\(attempt.task)", "error": "\(error)"])
    }
    outcome.finished = repository.now()
    return outcome
  }

  private func plan(of attempt: TaskAttempt) async throws -> Plan {
    guard attempt.isOfGrownPlan == true else { return try await repository.plan(of: attempt.request) }
    guard let running = try await repository.runningBuild(attempt.request.build) else {
      throw RepositoryError(.conflict, "the build has ended", remedy: "nothing is left to do")
    }
    return try await repository.plan(of: running.record)
  }

  /// What the attempt starts from, and who made it when that must be told apart.
  private func workspace(of attempt: TaskAttempt, _ plan: Plan) async throws -> ([String], [WorkspaceLayer]?) {
    let joins = plan.joinsWorkspaces(before: attempt.task)
    if let workspace = attempt.workspace, !joins { return (workspace, nil) }
    let state = try await repository.runningBuild(attempt.request.build)?.record.state
    let workspace = attempt.workspace ?? state?.workspace(before: attempt.task, plan) ?? []
    return (workspace, joins ? state?.layers(before: attempt.task, plan) : nil)
  }
}

extension AttemptOutcome {
  fileprivate mutating func take(_ performance: Performance, startedFrom before: [String]) {
    verdict = performance.verdict
    message = performance.message.map { $0.bounded(to: AttemptOutcome.longestMessage) }
    exitStatus = performance.exitStatus
    addsToWorkspace = performance.workspace.starts(with: before)
    workspace = addsToWorkspace ? Array(performance.workspace.dropFirst(before.count)) : performance.workspace
    artifacts = performance.artifacts
    commit = performance.commit
    generated = performance.generated
    jobFiles = performance.jobFiles
    source = performance.source
    matchedOutput = performance.matchedOutput
    tests = performance.tests
  }

  fileprivate mutating func fail(_ error: any Error, _ reason: StopReason?) {
    switch reason {
    case .cancelled(let by):
      verdict = .cancelled
      message = "cancelled by \(by)"
    case .handBack:
      verdict = .errored
      message = "its worker was told to stop"
    case .lost, nil:
      verdict = .errored
      message = "\(error)".bounded(to: AttemptOutcome.longestMessage)
    }
  }

  /// Bytes. Messages stand in a node, where room is short.
  private static let longestMessage = 400
}
