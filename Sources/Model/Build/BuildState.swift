/// A build's progress: all of it, so that any build-control worker can take any build at any point.
///
/// Pure and total: an event that does not fit any more changes nothing, so events may be repeated and reordered.
package struct BuildState: Hashable, Sendable, Codable {
  package private(set) var tasks: [TaskState]
  package private(set) var cancelled: Cancellation?
  /// When the first and the last event came.
  package private(set) var started: Timestamp?
  package private(set) var finished: Timestamp?

  package struct Cancellation: Hashable, Sendable, Codable {
    package var by: String
    package var at: Timestamp
  }

  package init(taskCount: Int) {
    tasks = Array(repeating: TaskState(), count: taskCount)
  }

  /// The verdict, once every task has ended.
  package var verdict: Verdict? {
    let verdicts = tasks.compactMap(\.verdict)
    guard verdicts.count == tasks.count else { return nil }
    return cancelled != nil && verdicts.contains(.cancelled) ? .cancelled : .overall(verdicts)
  }

  /// Takes an event in.
  ///
  /// - Parameters:
  ///   - plan: the plan of this very build.
  ///   - now: when the event is handled; only recorded.
  /// - Returns: what has to happen together with storing the new state. Empty when the event was void.
  package mutating func advance(_ plan: Plan, _ event: BuildEvent, now: Timestamp) -> [BuildAction] {
    guard verdict == nil else { return [] }
    var actions: [BuildAction] = []
    switch event {
    case .start:
      if started == nil { started = now }
    case .ended(let outcome):
      guard accept(outcome) else { return [] }
      if mayRepeat(outcome) { actions.append(post(outcome.task, now: now)) }
    case .cancel(let by, let at):
      guard cancelled == nil else { return [] }
      cancelled = Cancellation(by: by, at: at)
      actions += withdrawals()
    }
    settleWaiting(plan)
    actions += postReady(plan, now: now)
    if let verdict {
      finished = now
      actions.append(.end(verdict))
    }
    return actions
  }

  /// Keeps the outcome of the attempt that is posted now; any other is void.
  private mutating func accept(_ outcome: AttemptOutcome) -> Bool {
    guard tasks.indices.contains(outcome.task), case .posted = tasks[outcome.task].phase,
      tasks[outcome.task].currentAttempt == outcome.attempt
    else { return false }
    tasks[outcome.task].attempts.append(outcome)
    tasks[outcome.task].phase = .ended(outcome.verdict)
    tasks[outcome.task].reason = outcome.message
    return true
  }

  private func mayRepeat(_ outcome: AttemptOutcome) -> Bool {
    outcome.verdict == .errored && cancelled == nil
      && tasks[outcome.task].attempts.count(where: { $0.verdict == .errored }) < AttemptOutcome.mostErrored
  }

  private mutating func post(_ task: Int, now: Timestamp) -> BuildAction {
    tasks[task].phase = .posted(at: now)
    return .post(task: task, attempt: tasks[task].currentAttempt)
  }

  private func withdrawals() -> [BuildAction] {
    tasks.indices.compactMap { task in
      guard case .posted = tasks[task].phase else { return nil }
      return .withdraw(task: task, attempt: tasks[task].currentAttempt)
    }
  }

  /// Ends what will never run. Repeats until nothing changes, since one skipped task skips those that need it.
  private mutating func settleWaiting(_ plan: Plan) {
    var changed = true
    while changed {
      changed = false
      for task in tasks.indices where tasks[task].phase == .waiting {
        guard let (verdict, reason) = endWithoutRunning(task, plan) else { continue }
        tasks[task].phase = .ended(verdict)
        tasks[task].reason = reason
        changed = true
      }
    }
  }

  private func endWithoutRunning(_ task: Int, _ plan: Plan) -> (Verdict, String)? {
    if let cancelled { return (.cancelled, "cancelled by \(cancelled.by)") }
    for need in plan.needs[task] {
      if let verdict = tasks[need].verdict, verdict != .succeeded {
        return (.skipped, "it needs \(plan.tasks[need].name), which ended \(verdict.rawValue)")
      }
    }
    return nil
  }

  private mutating func postReady(_ plan: Plan, now: Timestamp) -> [BuildAction] {
    guard started != nil, cancelled == nil else { return [] }
    return tasks.indices.compactMap { task in
      guard tasks[task].phase == .waiting, plan.needs[task].allSatisfy({ tasks[$0].verdict == .succeeded }) else {
        return nil
      }
      return post(task, now: now)
    }
  }
}

extension BuildState {
  /// The snapshots that a task starts from, later over earlier.
  package func workspace(before task: Int, _ plan: Plan) -> [String] {
    var known: [Int: [String]] = [:]
    return workspace(before: task, plan, &known)
  }

  private func workspace(before task: Int, _ plan: Plan, _ known: inout [Int: [String]]) -> [String] {
    var seen: Set<String> = []
    var keys: [String] = []
    for source in plan.workspaceSources(of: task) {
      keys += workspace(after: source, plan, &known).filter { seen.insert($0).inserted }
    }
    return keys
  }

  private func workspace(after task: Int, _ plan: Plan, _ known: inout [Int: [String]]) -> [String] {
    if let keys = known[task] { return keys }
    guard let outcome = tasks[task].attempts.last else { return [] }
    let keys = (outcome.addsToWorkspace ? workspace(before: task, plan, &known) : []) + outcome.workspace
    known[task] = keys
    return keys
  }

  /// The commit that a task works on: the one that was pushed, else the first that a task before it checked out.
  package func commit(before task: Int, _ plan: Plan) -> String? {
    if case .push(let push) = plan.request.cause { return push.commit }
    return plan.allBefore(task).lazy.compactMap { tasks[$0].attempts.last?.commit }.first
  }

  /// Ends every task that has not ended, because the build cannot go on.
  package mutating func abandon(because reason: String, now: Timestamp) {
    for task in tasks.indices where tasks[task].verdict == nil {
      tasks[task].phase = .ended(.errored)
      tasks[task].reason = reason
    }
    finished = now
  }
}

extension BuildState {
  /// Takes back that anything was posted, because nothing of the build may begin now: what is ready waits, and is posted
  /// after the next event that comes, such as another `start`.
  ///
  /// - Parameter actions: what the event that was just taken in comes to.
  /// - Returns: those that are to happen nevertheless.
  package mutating func hold(_ actions: [BuildAction]) -> [BuildAction] {
    actions.filter { action in
      guard case .post(let task, _) = action else { return true }
      tasks[task].phase = .waiting
      return false
    }
  }
}
