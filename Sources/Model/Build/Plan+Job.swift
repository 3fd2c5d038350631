extension Plan {
  /// Works out the plan of a build: every matrix and every split becomes its tasks, and every reference its value.
  ///
  /// - Throws: ``ValidationError`` when a value does not fit where a reference puts it, or the plan is too large.
  package init(_ request: BuildRequest, of job: Job) throws(ValidationError) {
    let variants = try TaskVariants(of: job.tasks, request)
    try self.init(
      request: request, tasks: variants.tasks, timeout: job.timeout,
      exclusions: request.exclusions(of: variants.tasks, beside: variants.exclusions),
      combinations: variants.combinations, parts: variants.parts)
  }
}

/// What a list of tasks comes to in a build: each matrix and each split as its tasks, each reference as its value.
struct TaskVariants {
  var tasks: [TaskDefinition] = []
  /// For each task, why it does not run.
  var exclusions: [String?] = []
  /// For each task, the values of its matrix.
  var combinations: [Matrix.Combination] = []
  /// For each task, which part of a split it is, if it is one.
  var parts: [SplitPart?] = []

  /// - Parameter list: whose needs name tasks of the list.
  init(of list: [TaskDefinition], _ request: BuildRequest) throws(ValidationError) {
    try Self.checkSize(of: list)
    let values = request.values
    let variants = try list.map { (task) throws(ValidationError) in try task.variants }
    var names: [TaskName: [TaskName]] = [:]
    for (task, variants) in zip(list, variants) { names[task.name] = variants.map(\.task.name) }
    for (task, variants) in zip(list, variants) {
      let exclusion =
        request.origin.pullRequest?.exclusion(of: task) ?? task.when.exclusion(of: task.name, from: request)
      for variant in variants {
        let values = variant.combination.isEmpty ? values : values.merging(variant.values) { $1 }
        var resolved = try variant.task.resolved(with: values)
        resolved.needs = resolved.needs.flatMap { names[$0] ?? [] }
        tasks.append(resolved)
        exclusions.append(exclusion)
        combinations.append(variant.combination)
        parts.append(variant.part(of: resolved))
      }
    }
  }
}

extension TaskVariants {
  /// Refuses what would be too much before it is made.
  static func checkSize(of list: [TaskDefinition]) throws(ValidationError) {
    var counts: [TaskName: Int] = [:]
    for task in list { counts[task.name] = task.variantCount }
    try Plan.checkCount(list.reduce(0) { $0 + $1.variantCount })
    try Plan.checkNeeds(
      list.reduce(0) { sum, task in sum + task.variantCount * task.needs.reduce(0) { $0 + (counts[$1] ?? 0) } })
  }
}

/// A task of a plan, and the combination of its matrix and the part of its split that it is for.
struct TaskVariant {
  var task: TaskDefinition
  var combination: Matrix.Combination = [:]
  /// The name that it shares with the other parts, and its number.
  var part: (task: TaskName, index: Int)?

  /// - Parameter task: with its references resolved.
  func part(of task: TaskDefinition) -> SplitPart? {
    guard let part, let split = task.split else { return nil }
    return SplitPart(task: part.task, split: split, index: part.index)
  }

  /// What `${…}` stands for beside the values of the build.
  var values: [String: String] {
    Dictionary(uniqueKeysWithValues: combination.map { ($0.key.rawValue, $0.value) })
  }
}

extension TaskDefinition {
  /// How its files are dealt out, if they are.
  var split: Split? {
    if case .executeShell(let work) = work { work.split } else { nil }
  }

  /// How many tasks it stands for.
  var variantCount: Int { (matrix?.combinations.count ?? 1) * (split?.into ?? 1) }

  /// The tasks that this one stands for: itself, or one for each combination of its matrix and each part of its split.
  ///
  /// - Throws: ``ValidationError`` when the name of one is too long.
  var variants: [TaskVariant] {
    get throws(ValidationError) {
      Array(try combinations.map { (variant) throws(ValidationError) in try variant.parts }.joined())
    }
  }

  private var combinations: [TaskVariant] {
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

extension TaskVariant {
  fileprivate var parts: [TaskVariant] {
    get throws(ValidationError) {
      guard let split = task.split else { return [self] }
      return try (0..<split.into).map { (index) throws(ValidationError) in
        var variant = self
        variant.part = (task.name, index)
        variant.task.name = try Split.name(of: task.name, part: index)
        return variant
      }
    }
  }
}
