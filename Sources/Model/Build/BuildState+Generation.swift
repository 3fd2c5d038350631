/// A task that wrote a list of further tasks.
package struct Generator: Hashable, Sendable, Codable {
  /// Its index in the plan.
  package var task: Int
  /// How many tasks it added.
  package var count: Int

  package init(task: Int, count: Int) {
    self.task = task
    self.count = count
  }
}

extension BuildState {
  /// The tasks whose lists belong to the build once an event has been taken in.
  package func generators(after event: BuildEvent) -> [Generator] {
    let known = generators ?? []
    guard case .ended(let outcome) = event, outcome.verdict == .succeeded, let count = outcome.generated,
      accepts(outcome), verdict == nil, cancelled == nil
    else { return known }
    return known + [Generator(task: outcome.task, count: count)]
  }

  /// Lets the tasks of a list join the build, before whoever wrote it ends: they need it. A build that is being stopped
  /// takes on nothing new.
  mutating func join(_ count: Int, by task: Int) {
    guard cancelled == nil else { return }
    tasks.append(count: count)
    generators = (generators ?? []) + [Generator(task: task, count: count)]
  }
}
