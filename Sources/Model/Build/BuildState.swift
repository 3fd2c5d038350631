/// A build's progress: all of it, so that any build-control worker can take any build at any point.
///
/// Pure and total: an event that does not fit any more changes nothing, so events may be repeated and reordered.
package struct BuildState: Hashable, Sendable, Codable {
  package internal(set) var tasks: [TaskState]
  package private(set) var cancelled: Cancellation?
  /// Its place in its job's concurrency group, if that has one.
  package private(set) var group: GroupPlace?
  /// When its time is over, if it has a limit and has begun.
  package private(set) var deadline: Timestamp?
  /// When the first and the last event came.
  package private(set) var started: Timestamp?
  package private(set) var finished: Timestamp?

  package struct Cancellation: Hashable, Sendable, Codable {
    package var by: String
    package var at: Timestamp
    /// `cancelled`, or `timedOut` when the build itself took too long.
    package var verdict: Verdict
    /// Whether tasks that deploy go on: a newer build is no reason to leave the world outside half changed.
    package var sparesDeploys: Bool?
  }

  package init(taskCount: Int, group: GroupPlace? = nil) {
    self.group = group
    tasks = Array(repeating: TaskState(), count: taskCount)
  }

  /// The verdict, once every task has ended.
  package var verdict: Verdict? {
    guard tasks.allSatisfy(\.hasEnded) else { return nil }
    if let cancelled, tasks.contains(where: { $0.verdict == .cancelled }) { return cancelled.verdict }
    if refusal != nil { return .skipped }
    return .overall(tasks.lazy.filter { $0.excused != true }.compactMap(\.verdict))
  }

  /// Takes an event in.
  ///
  /// - Parameters:
  ///   - plan: the plan of this very build.
  ///   - now: when the event is handled.
  /// - Returns: what has to happen together with storing the new state. Empty when the event was void.
  package mutating func advance(_ plan: Plan, _ event: BuildEvent, now: Timestamp) -> [BuildAction] {
    guard verdict == nil else { return [] }
    var actions: [BuildAction]
    switch event {
    case .start:
      actions = begin(plan, now)
    case .ended(let outcome):
      guard accept(outcome) else { return [] }
      actions = repeatIfDue(outcome, plan, now)
    case .due(.retry(let task, let attempt)):
      guard isResting(task, attempt) else { return [] }
      actions = [post(task, now)]
    case .due(.timeout):
      actions = expire(plan)
    case .approve(let task, let by, let at):
      guard approve(task, Approval(by: by, at: at)) else { return [] }
      actions = []
    case .cancel(let by, let at):
      actions = stop(Cancellation(by: by, at: at, verdict: .cancelled), plan)
    case .supersede(let build, let at):
      let by = "\(build), which takes its place in the group \(group?.group ?? "")"
      // What has not begun leaves nothing half done.
      let spares = started != nil
      actions = stop(Cancellation(by: by, at: at, verdict: .cancelled, sparesDeploys: spares ? true : nil), plan)
    }
    actions += settle(plan, now)
    if let verdict { actions += end(verdict, now) }
    return actions
  }

  private mutating func begin(_ plan: Plan, _ now: Timestamp) -> [BuildAction] {
    guard started == nil else { return [] }
    started = now
    if group?.status == .waits { group = group.map { GroupPlace(group: $0.group, status: .holds, since: now) } }
    deadline = plan.timeout.map { now.adding(.seconds($0)) }
    return deadline.map { [.set(.timeout, at: $0)] } ?? []
  }

  private mutating func end(_ verdict: Verdict, _ now: Timestamp) -> [BuildAction] {
    finished = now
    return (deadline.map { [.clear(.timeout, at: $0)] } ?? []) + [.end(verdict)]
  }

  // MARK: - Attempts

  /// Keeps the outcome of the attempt that is posted now; any other is void.
  private mutating func accept(_ outcome: AttemptOutcome) -> Bool {
    guard tasks.indices.contains(outcome.task), case .posted = tasks[outcome.task].phase,
      tasks[outcome.task].currentAttempt == outcome.attempt
    else { return false }
    tasks[outcome.task].attempts.append(outcome)
    return true
  }

  /// Ends the task as its latest attempt did, unless there is to be another attempt.
  private mutating func repeatIfDue(_ outcome: AttemptOutcome, _ plan: Plan, _ now: Timestamp) -> [BuildAction] {
    let task = outcome.task
    let wait =
      cancelled == nil || isSpared(task, plan) ? plan.waitBeforeNextAttempt(at: task, after: tasks[task].attempts) : nil
    guard let wait else {
      end(task, outcome.verdict, plan.ending(of: task, after: tasks[task].attempts))
      let isAllowed = [.failed, .timedOut, .errored].contains(outcome.verdict) && plan.tasks[task].allowFailure
      tasks[task].excused = isAllowed ? true : nil
      return []
    }
    guard wait > .zero else { return [post(task, now)] }
    let time = now.adding(wait)
    tasks[task].phase = .resting(until: time)
    tasks[task].reason = "its last attempt \(outcome.verdict.rawValue)\(outcome.message.map { ": \($0)" } ?? "")"
    return [.set(.retry(task: task, attempt: tasks[task].currentAttempt), at: time)]
  }

  private mutating func post(_ task: Int, _ now: Timestamp) -> BuildAction {
    tasks[task].phase = .posted(at: now)
    tasks[task].reason = nil
    return .post(task: task, attempt: tasks[task].currentAttempt)
  }

  private mutating func end(_ task: Int, _ verdict: Verdict, _ reason: String?) {
    tasks[task].phase = .ended(verdict)
    tasks[task].reason = reason
  }

  private func isResting(_ task: Int, _ attempt: Int) -> Bool {
    guard tasks.indices.contains(task), case .resting = tasks[task].phase else { return false }
    return tasks[task].currentAttempt == attempt
  }

  // MARK: - Stopping

  private mutating func expire(_ plan: Plan) -> [BuildAction] {
    guard let deadline, let timeout = plan.timeout else { return [] }
    let limit = "the build's timeout of \(TaskDuration.text(timeout))"
    return stop(Cancellation(by: limit, at: deadline, verdict: .timedOut), plan)
  }

  /// A second stop changes nothing, unless it spares less than the first.
  private mutating func stop(_ cancellation: Cancellation, _ plan: Plan) -> [BuildAction] {
    guard cancelled == nil || (cancelled?.sparesDeploys == true && cancellation.sparesDeploys != true) else {
      return []
    }
    cancelled = cancellation
    return tasks.indices.filter { !isSpared($0, plan) }.compactMap { task in
      let attempt = tasks[task].currentAttempt
      switch tasks[task].phase {
      case .waiting, .ended: return nil
      case .posted: return .withdraw(task: task, attempt: attempt)
      case .resting(let time):
        end(task, .cancelled, "cancelled by \(cancellation.by)")
        return .clear(.retry(task: task, attempt: attempt), at: time)
      }
    }
  }

  /// What nobody has approved yet is not spared: it would hold up the newer build for as long as nobody does.
  private func isSpared(_ task: Int, _ plan: Plan) -> Bool {
    cancelled?.sparesDeploys == true && plan.tasks[task].deploy && !lacksApproval(task, plan)
  }

  /// Why the build runs nothing at all, in a sentence.
  private var refusal: String? {
    guard let group, case .refused(let holder) = group.status else { return nil }
    return "the group \(group.group) was held by \(holder), and the job does not wait for it"
  }

  // MARK: - Order

  /// What becomes of a task that waits.
  private enum Decision {
    case wait
    case run
    case end(Verdict, String, excused: Bool)
  }

  /// Posts what can run, and ends what never will. Repeats until nothing changes, since one skipped task may skip those
  /// that need it, or let them run.
  private mutating func settle(_ plan: Plan, _ now: Timestamp) -> [BuildAction] {
    var actions: [BuildAction] = []
    var changed = true
    while changed {
      changed = false
      for task in tasks.indices where tasks[task].phase == .waiting {
        switch decision(on: task, plan) {
        case .wait: continue
        case .run: actions.append(post(task, now))
        case .end(let verdict, let reason, let excused):
          end(task, verdict, reason)
          tasks[task].excused = excused ? true : nil
        }
        changed = true
      }
    }
    return actions
  }

  private func decision(on task: Int, _ plan: Plan) -> Decision {
    if let cancelled, !isSpared(task, plan) { return .end(.cancelled, "cancelled by \(cancelled.by)", excused: false) }
    guard started != nil else { return .wait }
    if let refusal { return .end(.skipped, refusal, excused: false) }
    let needs = plan.needs[task]
    switch plan.tasks[task].when.status {
    case .success:
      if let need = needs.first(where: { tasks[$0].endedBadly }), let verdict = tasks[need].verdict {
        return .end(.skipped, "it needs \(plan.tasks[need].name), which ended \(verdict.rawValue)", excused: false)
      }
      guard needs.allSatisfy({ tasks[$0].endedWell }) else { return .wait }
    case .failure:
      guard needs.allSatisfy({ tasks[$0].hasEnded }) else { return .wait }
      guard plan.allBefore(task).contains(where: { tasks[$0].endedBadly }) else {
        return .end(.skipped, "it runs only after a failure, and nothing before it failed", excused: true)
      }
    case .always:
      guard needs.allSatisfy({ tasks[$0].hasEnded }) else { return .wait }
    }
    if let reason = plan.exclusion(of: task) { return .end(.skipped, reason, excused: true) }
    return .run
  }
}

extension BuildState {
  /// The timers that it has set, and that may not have fired.
  package var timers: [(timer: BuildTimer, time: Timestamp)] {
    let retries = tasks.enumerated().compactMap { index, task in
      if case .resting(let time) = task.phase {
        (timer: BuildTimer.retry(task: index, attempt: task.currentAttempt), time: time)
      } else {
        nil
      }
    }
    return retries + (deadline.map { [(.timeout, $0)] } ?? [])
  }

  /// Ends every task that has not ended, because the build cannot go on.
  package mutating func abandon(because reason: String, now: Timestamp) {
    for task in tasks.indices where !tasks[task].hasEnded { end(task, .errored, reason) }
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
