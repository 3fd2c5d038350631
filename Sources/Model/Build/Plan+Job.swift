extension Plan {
  /// Works out the plan of a build: every matrix becomes its tasks, and every reference its value.
  ///
  /// - Throws: ``ValidationError`` when a value does not fit where a reference puts it, or the plan is too large.
  package init(_ request: BuildRequest, of job: Job) throws(ValidationError) {
    let values = request.values
    let variants = try job.tasks.map { (task) throws(ValidationError) in try task.variants }
    var names: [TaskName: [TaskName]] = [:]
    for (task, variants) in zip(job.tasks, variants) { names[task.name] = variants.map(\.task.name) }
    var tasks: [TaskDefinition] = []
    for variant in variants.joined() {
      var task = try variant.task.resolved(with: values.merging(variant.values) { $1 })
      task.needs = task.needs.flatMap { names[$0] ?? [] }
      tasks.append(task)
    }
    let exclusions: [String?] = zip(job.tasks, variants).flatMap { task, variants in
      variants.map { _ in task.when.exclusion(of: task.name, from: request) }
    }
    try self.init(
      request: request, tasks: tasks, timeout: job.timeout,
      exclusions: request.exclusions(of: tasks, beside: exclusions),
      combinations: variants.joined().map(\.combination))
  }
}

/// A task of a plan, and the combination of its matrix that it is for.
struct TaskVariant {
  var task: TaskDefinition
  var combination: Matrix.Combination = [:]

  /// What `${…}` stands for beside the values of the build.
  var values: [String: String] {
    Dictionary(uniqueKeysWithValues: combination.map { ($0.key.rawValue, $0.value) })
  }
}

extension TaskDefinition {
  /// The tasks that this one stands for: itself, or one for each combination of its matrix.
  ///
  /// - Throws: ``ValidationError`` when the name of one is too long.
  var variants: [TaskVariant] {
    get throws(ValidationError) {
      guard let matrix else { return [TaskVariant(task: self)] }
      return try matrix.combinations.map { (combination) throws(ValidationError) in
        var task = self
        task.name = try matrix.name(of: name, for: combination)
        task.matrix = nil
        return TaskVariant(task: task, combination: combination)
      }
    }
  }
}
