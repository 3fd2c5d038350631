/// Which tasks of a build that has ended are done once more.
package enum RetryScope: Hashable, Sendable {
  /// What did not succeed, and all that comes after it.
  case failed
  /// One task, and what comes after it and did not succeed.
  case task(TaskName)
  /// One task, and all that comes after it.
  case from(TaskName)
  case all
}

/// That somebody wants tasks of an earlier build to be done once more.
package struct Retrial: Hashable, Sendable, Codable {
  package var of: BuildID
  package var by: String

  package init(of build: BuildID, by: String) {
    of = build
    self.by = by
  }
}

extension RetryScope {
  /// The tasks that it means.
  ///
  /// - Throws: ``ValidationError`` when there are none.
  func tasks(of state: BuildState, _ plan: Plan) throws(ValidationError) -> Set<Int> {
    switch self {
    case .all: return Set(plan.tasks.indices)
    case .failed:
      let failed = plan.tasks.indices.filter { !state.tasks[$0].isFine }
      guard !failed.isEmpty else {
        throw ValidationError(
          "nothing of build \(plan.request.build) failed", remedy: "repeat all of it, or from one task on")
      }
      return plan.after(failed) { _ in true }
    case .from(let name): return plan.after([try plan.index(of: name)]) { _ in true }
    case .task(let name): return plan.after([try plan.index(of: name)]) { !state.tasks[$0].isFine }
    }
  }
}

extension TaskState {
  /// Whether it did what it was to do, or rightly nothing.
  fileprivate var isFine: Bool { verdict == .succeeded || verdict == .skipped && excused == true }
}

extension Plan {
  fileprivate func index(of name: TaskName) throws(ValidationError) -> Int {
    if let index = indices[name] { return index }
    throw ValidationError(
      "build \(request.build) has no task \(name)", remedy: "see 'distci build show \(request.build)'")
  }

  /// Some tasks, and the other parts of what they are parts of: files are dealt out anew, and none may fall between.
  fileprivate func withAllParts(_ tasks: Set<Int>) -> Set<Int> {
    let names = Set(tasks.filter { parts[$0] != nil }.map(lastingName))
    guard !names.isEmpty else { return tasks }
    return tasks.union(self.tasks.indices.filter { parts[$0] != nil && names.contains(lastingName(of: $0)) })
  }

  /// Some tasks, and those that come after them and fulfil a condition, by way of others that do.
  func after(_ tasks: some Sequence<Int>, where condition: (Int) -> Bool) -> Set<Int> {
    var found = Set(tasks)
    var open = Array(found)
    while let task = open.popLast() {
      open += dependents[task].filter { condition($0) && found.insert($0).inserted }
    }
    return found
  }
}

extension BuildState {
  /// The state in which a build begins that does some tasks of an earlier one once more: the others have ended as they did
  /// there, with the workspaces, logs and artifacts that they left.
  ///
  /// Lists that are written once more join anew, and so do those that had joined after them.
  ///
  /// - Parameter plan: of the earlier build, with all that had joined it.
  /// - Throws: ``ValidationError`` when there is nothing to do.
  package func repeated(_ scope: RetryScope, _ plan: Plan) throws(ValidationError) -> BuildState {
    var again = plan.withAllParts(try scope.tasks(of: self, plan))
    let kept = (generators ?? []).prefix { !again.contains($0.task) }
    let dropped = (generators ?? []).dropFirst(kept.count)
    again = plan.withAllParts(again.union(plan.after(dropped.map(\.task)) { _ in true }))
    let count = tasks.count - dropped.reduce(0) { $0 + $1.count }
    var state = BuildState(taskCount: count)
    if !kept.isEmpty { state.generators = Array(kept) }
    for task in 0..<count where !again.contains(task) { state.takeOver(tasks[task], task, of: plan.request.build) }
    for task in 0..<count where !again.contains(task) {
      let ended = state.tasks[task]
      for dependent in plan.dependents[task] where dependent < count && again.contains(dependent) {
        state.tasks[dependent].note(ended, task)
      }
    }
    return state
  }

  private mutating func takeOver(_ earlier: TaskState, _ task: Int, of build: BuildID) {
    tasks[task] = earlier
    tasks[task].place = nil
    for index in earlier.attempts.indices where earlier.attempts[index].madeIn == nil {
      tasks[task].attempts[index].madeIn = build
    }
    tally.add(earlier.verdict ?? .errored, excused: earlier.excused == true)
  }
}
