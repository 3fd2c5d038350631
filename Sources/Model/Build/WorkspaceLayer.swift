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
    // The layers of a chain of tasks, from the last one back.
    var chain: [WorkspaceLayer] = []
    var sources = plan.workspaceSources(of: task)
    while sources.count == 1, let source = sources.first {
      let outcome = success(of: source)
      if let keys = outcome?.workspace, !keys.isEmpty { chain.append(WorkspaceLayer(task: source, keys: keys)) }
      sources = outcome?.addsToWorkspace ?? true ? plan.workspaceSources(of: source) : []
    }
    return joined(sources, plan) + chain.reversed()
  }

  private func joined(_ sources: [Int], _ plan: Plan) -> [WorkspaceLayer] {
    var reached: Set<Int> = []
    return sources.enumerated().map { position, source in
      let own = plan.before([source]).union([source])
      let base = plan.last(of: reached.intersection(own)).flatMap { workspace(after: $0, plan) }
      reached.formUnion(own)
      return WorkspaceLayer(task: source, keys: workspace(after: source, plan), base: position == 0 ? nil : base)
    }
  }
}

extension Plan {
  /// Those of some tasks that come before no other of them.
  func last(of tasks: Set<Int>) -> [Int] {
    let earlier = before(tasks)
    return tasks.filter { !earlier.contains($0) }.sorted()
  }

  /// Whether any task that a task's workspace comes from has several to put together. Of a large plan, perhaps.
  package func joinsWorkspaces(before task: Int) -> Bool {
    let isLarge = tasks.count > 1_000
    return before([task]).union([task]).contains {
      needs[$0].count > 1 && (isLarge || workspaceSources(of: $0).count > 1)
    }
  }
}
