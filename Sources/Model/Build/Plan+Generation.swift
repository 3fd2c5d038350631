/// Tasks that join a plan while its build runs.
extension Plan {
  /// Adds the tasks of a list. Each comes after the task that wrote it, and whatever needs that task comes after all of them.
  /// Their names begin with its name, so that two lists may use the same ones.
  ///
  /// - Parameter list: as ``TaskList`` reads it.
  /// - Throws: ``ValidationError`` when a value does not fit where a reference puts it, or the plan gets too large or too deep;
  ///   then the plan is as it was.
  package mutating func join(_ list: [TaskDefinition], by generator: Int) throws(ValidationError) {
    let depth = depths[generator] + 1
    let name = tasks[generator].name
    guard depth <= TaskList.depth else {
      throw ValidationError(
        "the list of \(name) is the \(depth)th within another",
        remedy: "let the lists be \(TaskList.depth) deep at most")
    }
    let added = try TaskVariants(
      of: try list.map { (task) throws(ValidationError) in try task.qualified(by: name) }, request)
    try Plan.checkCount(tasks.count + added.tasks.count)
    let first = tasks.count
    var indices = indices
    for (offset, task) in added.tasks.enumerated() {
      guard indices.updateValue(first + offset, forKey: task.name) == nil else { throw Plan.twice(task.name) }
    }
    self.indices = indices
    let after = dependents[generator]
    dependents += added.tasks.map { _ in [] }
    for task in added.tasks {
      let own = Set(task.needs.compactMap { indices[$0] }).union([generator]).sorted()
      for need in own { dependents[need].append(needs.count) }
      needs.append(own)
    }
    for task in after {
      needs[task] += first..<first + added.tasks.count
      for need in first..<first + added.tasks.count { dependents[need].append(task) }
    }
    tasks += added.tasks
    exclusions += added.exclusions
    combinations += added.combinations
    parts += added.parts
    depths += added.tasks.map { _ in depth }
  }
}

extension TaskDefinition {
  /// The task as one of a list that another task wrote.
  ///
  /// - Throws: ``ValidationError`` when the names together are too long.
  fileprivate func qualified(by generator: TaskName) throws(ValidationError) -> TaskDefinition {
    var task = self
    task.name = try TaskName("\(generator).\(name)")
    task.needs = try needs.map { (need) throws(ValidationError) in try TaskName("\(generator).\(need)") }
    return task
  }
}
