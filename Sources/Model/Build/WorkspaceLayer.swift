/// A part of what a task starts from.
package struct WorkspaceLayer: Hashable, Sendable {
  /// Whose work it is: the task's index in the plan.
  package var task: Int
  /// The keys of its snapshots, later over earlier.
  package var keys: [String]
  /// What it and the layers before it started from, when it was made beside them; `nil` when it goes over them.
  package var base: [String]?

  package init(task: Int, keys: [String], base: [String]? = nil) {
    self.task = task
    self.keys = keys
    self.base = base
  }
}

extension BuildState {
  /// What a task starts from, told apart by who made it: where tasks side by side wrote the same file, only their common base
  /// shows who changed it.
  package func layers(before task: Int, _ plan: Plan) -> [WorkspaceLayer] {
    let sources = plan.workspaceSources(of: task)
    if sources.count == 1 { return layers(after: sources[0], plan) }
    return sources.enumerated().map { position, source in
      let earlier = sources.prefix(position)
      let base = plan.commonBefore(source, earlier).flatMap { workspace(after: $0, plan) }
      return WorkspaceLayer(task: source, keys: workspace(after: source, plan), base: position == 0 ? nil : base)
    }
  }

  private func layers(after task: Int, _ plan: Plan) -> [WorkspaceLayer] {
    let outcome = tasks[task].attempts.last.flatMap { $0.verdict == .succeeded ? $0 : nil }
    let before = outcome?.addsToWorkspace ?? true ? layers(before: task, plan) : []
    return before + (outcome.map { $0.workspace.isEmpty ? [] : [WorkspaceLayer(task: task, keys: $0.workspace)] } ?? [])
  }
}

extension Plan {
  /// The last of the tasks that come before a task, or are it, and also before one of some others.
  func commonBefore(_ task: Int, _ others: some Sequence<Int>) -> [Int] {
    let reached = Set(others.flatMap { [$0] + allBefore($0) })
    let common = reached.intersection([task] + allBefore(task))
    return common.filter { candidate in !common.contains { isBefore(candidate, $0) } }.sorted()
  }

  /// Whether any task that a task's workspace comes from has several to put together.
  package func joinsWorkspaces(before task: Int) -> Bool {
    ([task] + allBefore(task)).contains { workspaceSources(of: $0).count > 1 }
  }
}
