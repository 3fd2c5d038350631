/// What a task starts from.
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

  /// A task that did not end with success, and yet others go on from it, leaves what it started from.
  private func workspace(after task: Int, _ plan: Plan, _ known: inout [Int: [String]]) -> [String] {
    if let keys = known[task] { return keys }
    let outcome = tasks[task].attempts.last.flatMap { $0.verdict == .succeeded ? $0 : nil }
    let keys =
      (outcome?.addsToWorkspace ?? true ? workspace(before: task, plan, &known) : []) + (outcome?.workspace ?? [])
    known[task] = keys
    return keys
  }

  /// The snapshots that a task leaves, later over earlier.
  package func workspace(after task: Int, _ plan: Plan) -> [String] {
    var known: [Int: [String]] = [:]
    return workspace(after: task, plan, &known)
  }

  /// The commit that a task works on: the one that was pushed, else the first that a task before it checked out.
  package func commit(before task: Int, _ plan: Plan) -> String? {
    if case .push(let push) = plan.request.cause { return push.commit }
    return checkedOutCommit(by: plan.allBefore(task))
  }

  /// The commit that the build was made of: the one that was pushed, else the first that a task checked out.
  package func builtCommit(_ plan: Plan) -> String? {
    if case .push(let push) = plan.request.cause { return push.commit }
    return checkedOutCommit(by: Array(plan.tasks.indices))
  }

  private func checkedOutCommit(by tasks: [Int]) -> String? {
    tasks.lazy.compactMap { self.tasks[$0].attempts.last?.commit }.first
  }
}
