/// What becomes of a task when an attempt at it has ended.
extension BuildState {
  /// Whether the outcome is that of the attempt that is posted now; any other is void.
  package func accepts(_ outcome: AttemptOutcome) -> Bool {
    guard tasks.indices.contains(outcome.task), case .posted = tasks[outcome.task].phase else { return false }
    return tasks[outcome.task].currentAttempt == outcome.attempt
  }

  /// Ends the task as its attempt did, unless there is to be another attempt.
  mutating func take(_ outcome: AttemptOutcome, _ step: inout BuildStep) {
    let task = outcome.task
    tasks[task].attempts.append(outcome)
    let attempts = tasks[task].attempts
    let isOver = cancelled != nil && !isSpared(task, step.plan)
    guard let wait = isOver ? nil : step.plan.waitBeforeNextAttempt(at: task, after: attempts) else {
      if outcome.verdict == .succeeded, let added = outcome.generated { join(added, by: task) }
      let mayFail = [.failed, .timedOut, .errored].contains(outcome.verdict) && step.plan.tasks[task].allowFailure
      end(task, outcome.verdict, step.plan.ending(of: task, after: attempts), excused: mayFail, &step)
      return
    }
    guard wait > .zero else { return post(task, &step) }
    let time = step.now.adding(wait)
    tasks[task].phase = .resting(until: time)
    tasks[task].reason = "its last attempt \(outcome.verdict.rawValue)\(outcome.message.map { ": \($0)" } ?? "")"
    step.actions.append(.set(.retry(task: task, attempt: tasks[task].currentAttempt), at: time))
  }

  func isResting(_ task: Int, _ attempt: Int) -> Bool {
    guard tasks.indices.contains(task), case .resting = tasks[task].phase else { return false }
    return tasks[task].currentAttempt == attempt
  }

  mutating func post(_ task: Int, _ step: inout BuildStep) {
    tasks[task].phase = .posted(at: step.now)
    tasks[task].reason = nil
    step.actions.append(.post(task: task, attempt: tasks[task].currentAttempt))
  }

  /// Ends a task, and tells those that need it.
  mutating func end(
    _ task: Int, _ verdict: Verdict, _ reason: String?, excused: Bool = false, _ step: inout BuildStep
  ) {
    close(task, verdict, reason, excused: excused)
    let ended = tasks[task]
    for dependent in step.plan.dependents[task] {
      tasks[dependent].note(ended, task)
      step.open.append(BuildStep.Question(task: dependent, need: task))
    }
  }

  mutating func close(_ task: Int, _ verdict: Verdict, _ reason: String?, excused: Bool = false) {
    if tasks[task].phase == .ready, !leaveGate(task) { backlog?.ready -= 1 }
    tasks[task].phase = .ended(verdict)
    tasks[task].reason = reason
    tasks[task].excused = excused ? true : nil
    tally.add(verdict, excused: excused)
  }
}
