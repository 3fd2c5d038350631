/// A build's progress: all of it, so that any build-control worker can take any build at any point.
///
/// Pure and total: an event that does not fit any more changes nothing, so events may be repeated and reordered. An event
/// costs what it changes: the task that it is about and those that need it, never the whole build.
package struct BuildState: Hashable, Sendable, Codable {
  package internal(set) var tasks: TaskTable
  var tally = Tally()
  package internal(set) var cancelled: Cancellation?
  /// Its place in its job's concurrency group, if that has one.
  package internal(set) var group: GroupPlace?
  /// When its time is over, if it has a limit and has begun.
  package internal(set) var deadline: Timestamp?
  /// When the first and the last event came.
  package internal(set) var started: Timestamp?
  package internal(set) var finished: Timestamp?
  /// The tasks that could be posted, and wait at their environments.
  var gated: [Int]?
  /// What is left for later turns.
  var backlog: Backlog?
  /// The tasks that wrote lists of further tasks, in the order in which these joined the build.
  package internal(set) var generators: [Generator]?

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
    tasks = TaskTable(count: taskCount)
  }

  /// The same build with other states of its tasks: they may be stored apart from the rest.
  package func with(_ tasks: TaskTable) -> BuildState {
    var state = self
    state.tasks = tasks
    return state
  }

  /// The same build with another place in its group.
  package func with(_ group: GroupPlace?) -> BuildState {
    var state = self
    state.group = group
    return state
  }

  /// The verdict, once every task has ended.
  package var verdict: Verdict? {
    guard tally.ended == tasks.count else { return nil }
    if let cancelled, tally.has(.cancelled) { return cancelled.verdict }
    return refusal == nil ? tally.overall : .skipped
  }

  /// Takes an event in.
  ///
  /// - Parameters:
  ///   - plan: the plan of this very build, with the tasks that this event adds to it.
  ///   - now: when the event is handled.
  /// - Returns: what has to happen together with storing the new state. Empty when the event was void.
  package mutating func advance(_ plan: Plan, _ event: BuildEvent, now: Timestamp) -> [BuildAction] {
    guard verdict == nil else { return [] }
    var step = BuildStep(plan: plan, now: now)
    switch event {
    case .start:
      begin(&step)
    case .ended(let outcome):
      guard accepts(outcome) else { return [] }
      take(outcome, &step)
    case .due(.retry(let task, let attempt)):
      guard isResting(task, attempt) else { return [] }
      post(task, &step)
    case .due(.timeout):
      expire(&step)
      stopSome(&step)
    case .proceed(let turn):
      guard endTurn(turn) else { return [] }
      stopSome(&step)
    case .approve(let task, let by, let at):
      guard approve(task, Approval(by: by, at: at)) else { return [] }
    case .cancel(let by, let at):
      stop(Cancellation(by: by, at: at, verdict: .cancelled), &step)
      stopSome(&step)
    case .supersede(let build, let at):
      let by = "\(build), which takes its place in the group \(group?.group ?? "")"
      // What has not begun leaves nothing half done.
      let spares = started != nil
      stop(Cancellation(by: by, at: at, verdict: .cancelled, sparesDeploys: spares ? true : nil), &step)
      stopSome(&step)
    }
    if case .proceed = event {} else { askAgain(&step) }
    settle(&step)
    if let verdict { end(verdict, &step) }
    return step.actions
  }

  private mutating func begin(_ step: inout BuildStep) {
    guard started == nil else { return }
    started = step.now
    if group?.status == .waits { group = group.map { GroupPlace(group: $0.group, status: .holds, since: step.now) } }
    deadline = step.plan.timeout.map { step.now.adding(.seconds($0)) }
    if let deadline { step.actions.append(.set(.timeout, at: deadline)) }
    // What was taken over from an earlier build has ended already.
    for task in tasks.indices where refusal != nil || tasks[task].needsEnded > 0 || step.plan.needs[task].isEmpty {
      step.open.append(.init(task: task, need: step.plan.needs[task].first { tasks[$0].endedBadly }))
    }
  }

  private mutating func end(_ verdict: Verdict, _ step: inout BuildStep) {
    finished = step.now
    if let deadline { step.actions.append(.clear(.timeout, at: deadline)) }
    step.actions.append(.end(verdict))
  }

  /// Why the build runs nothing at all, in a sentence.
  var refusal: String? {
    guard let group, case .refused(let holder) = group.status else { return nil }
    return "the group \(group.group) was held by \(holder), and the job does not wait for it"
  }
}

/// What taking one event in comes to.
struct BuildStep {
  let plan: Plan
  let now: Timestamp
  var actions: [BuildAction] = []
  /// The tasks of which something that they wait for has changed.
  var open: [Question] = []
  /// The tasks that became ready, in the order in which they did.
  var ready: [Int] = []

  struct Question {
    var task: Int
    /// The task that has just ended, and that it needs.
    var need: Int?
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
    for task in tasks.indices where !tasks[task].hasEnded { close(task, .errored, reason) }
    finished = now
  }
}
