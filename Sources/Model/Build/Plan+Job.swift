extension Plan {
  /// Works out the plan of a build: every matrix becomes its tasks, and every reference its value.
  ///
  /// - Throws: ``ValidationError`` when a value does not fit where a reference puts it, or the plan is too large.
  package init(_ request: BuildRequest, of job: Job) throws(ValidationError) {
    let variants = try TaskVariants(of: job.tasks, request)
    try self.init(
      request: request, tasks: variants.tasks, timeout: job.timeout, exclusions: variants.exclusions,
      combinations: variants.combinations)
  }
}

/// What a list of tasks comes to in a build: each matrix as its tasks, each reference as its value.
struct TaskVariants {
  var tasks: [TaskDefinition] = []
  /// For each task, why it does not run.
  var exclusions: [String?] = []
  /// For each task, the values of its matrix.
  var combinations: [Matrix.Combination] = []

  /// - Parameter list: whose needs name tasks of the list.
  init(of list: [TaskDefinition], _ request: BuildRequest) throws(ValidationError) {
    let values = request.values
    let variants = try list.map { (task) throws(ValidationError) in try task.variants }
    var names: [TaskName: [TaskName]] = [:]
    for (task, variants) in zip(list, variants) { names[task.name] = variants.map(\.task.name) }
    for (task, variants) in zip(list, variants) {
      let exclusion = task.when.exclusion(of: task.name, from: request)
      for variant in variants {
        var resolved = try variant.task.resolved(with: values.merging(variant.values) { $1 })
        resolved.needs = resolved.needs.flatMap { names[$0] ?? [] }
        tasks.append(resolved)
        exclusions.append(exclusion)
        combinations.append(variant.combination)
      }
    }
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
