/// Tasks that deploy to an environment. What can run is posted by the reducer as any other task is; whoever stores the new
/// state finds out whether the environment lets it in, and takes the posting back if not.
extension BuildState {
  /// Whether a task may not deploy before somebody has approved it. Who rolls back has said so already.
  package func lacksApproval(_ task: Int, _ plan: Plan) -> Bool {
    plan.tasks[task].deployment?.approval == true && tasks[task].approval == nil && !plan.request.isRollback
  }

  /// Takes back that a task was posted: it waits at its environment, and is posted after the next event that comes.
  package mutating func hold(_ task: Int, at place: EnvironmentPlace) {
    tasks[task].phase = .ready
    if gated?.contains(task) != true { gated = (gated ?? []) + [task] }
    take(place, task)
  }

  /// Posts the tasks that wait at their environments: each may be let in now.
  mutating func askAgain(_ step: inout BuildStep) {
    for task in gated ?? [] where cancelled == nil || isSpared(task, step.plan) {
      leaveGate(task)
      post(task, &step)
    }
  }

  /// - Returns: whether the task waited at its environment.
  @discardableResult
  mutating func leaveGate(_ task: Int) -> Bool {
    guard let index = gated?.firstIndex(of: task) else { return false }
    gated?.remove(at: index)
    if gated == [] { gated = nil }
    return true
  }

  /// Notes the place that a task has at its environment; the time since which it has it stays.
  package mutating func take(_ place: EnvironmentPlace?, _ task: Int) {
    guard place?.status != tasks[task].place?.status || place?.position != tasks[task].place?.position else { return }
    tasks[task].place = place
  }

  /// Takes all places away from a build that cannot go on.
  package mutating func leaveAll() -> [EnvironmentPlace] {
    let places = tasks.compactMap(\.place)
    for task in tasks.indices { tasks[task].place = nil }
    return places
  }

  /// The tasks that have ended, and that still have a place at an environment.
  package func leaving(_ plan: Plan) -> [Int] {
    plan.deploying.filter { tasks[$0].place != nil && tasks[$0].hasEnded }
  }

  /// Takes in that somebody approved a task. Only one that waits for that can be approved, and only once.
  ///
  /// - Returns: whether that is news.
  mutating func approve(_ task: Int, _ approval: Approval) -> Bool {
    guard tasks.indices.contains(task), tasks[task].phase == .ready, tasks[task].approval == nil,
      tasks[task].place?.status == .unapproved
    else { return false }
    tasks[task].approval = approval
    return true
  }
}
