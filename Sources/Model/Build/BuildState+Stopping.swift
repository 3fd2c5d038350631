/// How a build is made to end early.
extension BuildState {
  mutating func expire(_ step: inout BuildStep) {
    guard let deadline, let timeout = step.plan.timeout else { return }
    let limit = "the build's timeout of \(TaskDuration.text(timeout))"
    stop(Cancellation(by: limit, at: deadline, verdict: .timedOut), &step)
  }

  /// A second stop changes nothing, unless it spares less than the first.
  mutating func stop(_ cancellation: Cancellation, _ step: inout BuildStep) {
    guard cancelled == nil || (cancelled?.sparesDeploys == true && cancellation.sparesDeploys != true) else { return }
    cancelled = cancellation
    var backlog = backlog ?? Backlog()
    backlog.untold = 0
    self.backlog = backlog
    for task in tasks.indices where !isSpared(task, step.plan) {
      switch tasks[task].phase {
      case .waiting, .ready: end(task, .cancelled, "cancelled by \(cancellation.by)", &step)
      case .posted, .resting, .ended: continue
      }
    }
  }

  /// Stops one task that is under way, or is to be attempted again.
  mutating func stop(_ task: Int, _ step: inout BuildStep) {
    let attempt = tasks[task].currentAttempt
    switch tasks[task].phase {
    case .posted: step.actions.append(.withdraw(task: task, attempt: attempt))
    case .resting(let time):
      step.actions.append(.clear(.retry(task: task, attempt: attempt), at: time))
      end(task, .cancelled, "cancelled by \(cancelled?.by ?? "nobody")", &step)
    case .waiting, .ready, .ended: return
    }
  }

  /// What nobody has approved yet is not spared: it would hold up the newer build for as long as nobody does.
  func isSpared(_ task: Int, _ plan: Plan) -> Bool {
    cancelled?.sparesDeploys == true && plan.tasks[task].deploy && !lacksApproval(task, plan)
  }
}
