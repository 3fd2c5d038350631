/// What a task starts from.
extension BuildState {
  /// The snapshots that a task starts from, later over earlier.
  package func workspace(before task: Int, _ plan: Plan) -> [String] {
    keys(of: tasksBehind(plan.workspaceSources(of: task), plan))
  }

  /// The snapshots that a task leaves, later over earlier.
  package func workspace(after task: Int, _ plan: Plan) -> [String] { keys(of: tasksBehind([task], plan)) }

  /// The same as ``workspace(before:_:)``; `nil` when more than so many tasks have a part in it, without having looked at
  /// them all.
  package func workspace(before task: Int, _ plan: Plan, atMost most: Int) -> [String]? {
    guard !plan.needs[task].isEmpty else { return [] }
    guard plan.before([task], atMost: most) != nil else { return nil }
    return workspace(before: task, plan)
  }

  private func keys(of tasks: [Int]) -> [String] { tasks.flatMap { success(of: $0)?.workspace ?? [] } }

  /// The outcome whose workspace counts. A task that did not end with success, and yet others go on from it, leaves what it
  /// started from.
  func success(of task: Int) -> AttemptOutcome? {
    tasks[task].attempts.last.flatMap { $0.verdict == .succeeded ? $0 : nil }
  }

  private func adds(_ task: Int) -> Bool { success(of: task)?.addsToWorkspace ?? true }

  /// The tasks whose snapshots make up what some tasks leave, each once, and each after those that it started from.
  private func tasksBehind(_ sources: [Int], _ plan: Plan) -> [Int] {
    let all = tasksBehind(sources) { plan.needs[$0] }
    // Where nobody replaced what he had started from, it is the same whether a need stands in another one's workspace or
    // not, and to find that out is dear.
    return all.allSatisfy(adds) ? all : tasksBehind(sources) { plan.workspaceSources(of: $0) }
  }

  private func tasksBehind(_ sources: [Int], startedFrom: (Int) -> [Int]) -> [Int] {
    var order: [Int] = []
    var seen: Set<Int> = []
    // Not by recursion: a plan may be a chain of ten thousand tasks.
    var open = sources.reversed().map { (task: $0, isEntered: false) }
    while let (task, isEntered) = open.popLast() {
      if isEntered {
        order.append(task)
      } else if seen.insert(task).inserted {
        open.append((task, true))
        if adds(task) { open += startedFrom(task).reversed().map { ($0, false) } }
      }
    }
    return order
  }

  /// The commit that a task works on: the one that was pushed, else the first that a task before it checked out.
  package func commit(before task: Int, _ plan: Plan) -> String? {
    if let commit = plan.request.origin.commit { return commit }
    return tasks[task].checkout.flatMap { tasks[$0].attempts.last?.commit }
  }
}
