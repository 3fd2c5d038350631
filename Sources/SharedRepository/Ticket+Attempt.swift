package import Model

extension Ticket {
  /// Bytes. When the keys of its workspace take more, the worker looks them up itself, so that every ticket fits in its node.
  private static let longestWorkspace = 1_500
  /// The same where more tasks than this come before it, so that posting costs no more late in a long build.
  private static let mostSources = 64

  /// The ticket for an attempt at a task: the same each time, but for the time.
  package static func attempt(
    _ task: Int, _ number: Int, _ plan: Plan, _ state: BuildState, at time: Timestamp
  ) -> Ticket {
    let definition = plan.tasks[task]
    let workspace = state.workspace(before: task, plan, atMost: mostSources).flatMap { keys in
      keys.reduce(0) { $0 + $1.utf8.count } <= longestWorkspace ? keys : nil
    }
    var ticket = Ticket(
      queue: definition.queue, build: plan.request.build,
      work: .attempt(
        TaskAttempt(
          request: plan.request, task: task, number: number, workspace: workspace,
          commit: state.commit(before: task, plan), isOfGrownPlan: state.generators == nil ? nil : true)),
      requested: plan.request.requested, posted: time, priority: plan.request.priority)
    for attempt in state.tasks[task].attempts where attempt.verdict == .errored { ticket.avoid(attempt.worker) }
    return ticket
  }
}

extension TaskDefinition {
  /// What its attempts ask for.
  package var queue: QueueClass { QueueClass(kind: work.kind, labels: labels) }
}
