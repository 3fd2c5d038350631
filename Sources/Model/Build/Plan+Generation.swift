/// Tasks that join a plan while its build runs.
extension Plan {
  /// Adds the tasks of a list. Each comes after the task that wrote it, and whatever needs that task comes after all of them.
  /// Their names begin with its name, so that two lists may use the same ones.
  ///
  /// - Parameter list: as ``TaskList`` reads it.
  /// - Throws: ``ValidationError`` when a value does not fit where a reference puts it, or the plan gets too large or too deep;
  ///   then the plan is as it was.
  package mutating func join(_ list: [TaskDefinition], by generator: Int) throws(ValidationError) {
    guard lists < TaskList.lists else {
      throw ValidationError("\(lists) lists have joined the build", remedy: "write fewer and longer ones")
    }
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
    try Plan.checkNeeds(dependents[generator].count * added.tasks.count)
    try checkReach(of: added.tasks)
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
    lists += 1
    tasks += added.tasks
    exclusions += added.exclusions
    combinations += added.combinations
    parts += added.parts
    depths += added.tasks.map { _ in depth }
  }
}

extension Plan {
  /// Who may push to a repository writes its lists: they reach no worker, repository or artifact that the job's own file does
  /// not name.
  private func checkReach(of added: [TaskDefinition]) throws(ValidationError) {
    let labels = Set(tasks.flatMap(\.labels))
    let works = Set(tasks.compactMap(\.work.reach))
    for task in added {
      try QueueClass.check(task.labels)
      if let label = task.labels.first(where: { !labels.contains($0) }) {
        throw ValidationError(
          "task \(task.name) asks for the label \(label), which no task of the job file does",
          remedy: "use labels that the job file names")
      }
      if let reach = task.work.reach, !works.contains(reach) {
        throw ValidationError(
          "task \(task.name) takes from \(reach), which no task of the job file does",
          remedy: "let a task of the job file take it, and those that are generated start from its workspace")
      }
    }
  }
}

extension Work {
  /// What it takes from elsewhere.
  fileprivate var reach: String? {
    switch self {
    case .gitCheckout(let work):
      "the repository \(work.repository.quoted)\(work.submodules ? " with its submodules" : "")"
    case .copyArtifacts(let work): "the artifacts of \(work.job)"
    case .executeShell, .publishArtifacts, .gitPromote: nil
    }
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
