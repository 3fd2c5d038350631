/// Which tasks are posted, and which never will be.
extension BuildState {
  /// What becomes of a task that waits.
  private enum Decision {
    case wait
    case run
    case end(Verdict, String, excused: Bool)
  }

  /// Posts what can run, and ends what never will: one skipped task may skip those that need it, or let them run.
  mutating func settle(_ step: inout BuildStep) {
    var next = 0
    while next < step.open.count {
      let question = step.open[next]
      next += 1
      guard tasks[question.task].phase == .waiting else { continue }
      switch decision(on: question, step.plan) {
      case .wait: continue
      case .run:
        tasks[question.task].phase = .ready
        step.ready.append(question.task)
      case .end(let verdict, let reason, let excused): end(question.task, verdict, reason, excused: excused, &step)
      }
    }
    postSome(&step)
    announceTurn(&step)
  }

  private func decision(on question: BuildStep.Question, _ plan: Plan) -> Decision {
    let task = question.task
    if let cancelled, !isSpared(task, plan) { return .end(.cancelled, "cancelled by \(cancelled.by)", excused: false) }
    guard started != nil else { return .wait }
    if let refusal { return .end(.skipped, refusal, excused: false) }
    let haveEnded = tasks[task].needsEnded == plan.needs[task].count
    switch plan.tasks[task].when.status {
    case .success:
      if let need = question.need, tasks[need].endedBadly, let verdict = tasks[need].verdict {
        return .end(.skipped, "it needs \(plan.tasks[need].name), which ended \(verdict.rawValue)", excused: false)
      }
      guard haveEnded else { return .wait }
    case .failure:
      guard haveEnded else { return .wait }
      guard tasks[task].isAfterFailure else {
        return .end(.skipped, "it runs only after a failure, and nothing before it failed", excused: true)
      }
    case .always:
      guard haveEnded else { return .wait }
    }
    if let reason = plan.exclusion(of: task) { return .end(.skipped, reason, excused: true) }
    return .run
  }
}
