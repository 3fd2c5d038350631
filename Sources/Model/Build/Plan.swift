/// A build's tasks with every reference resolved, and the order between them.
package struct Plan: Hashable, Sendable {
  package let request: BuildRequest
  /// In the order of the job file, and then of the lists that its tasks wrote; a task's index is its name in all that
  /// follows.
  package internal(set) var tasks: [TaskDefinition]
  /// For each task, the indices of those it needs, in their order and each once.
  package internal(set) var needs: [[Int]]
  /// For each task, those that need it.
  package internal(set) var dependents: [[Int]]
  /// How long the build may take, in seconds.
  package let timeout: Int?
  /// For each task, the values of its matrix; empty when it has none.
  package internal(set) var combinations: [Matrix.Combination]
  /// For each task, which part of a split it is, if it is one.
  package internal(set) var parts: [SplitPart?]
  /// For each task, why it does not run in this build.
  var exclusions: [String?]
  /// For each task, how many lists within lists it comes from.
  var depths: [Int]
  var indices: [TaskName: Int]
  /// How many lists have joined it.
  var lists = 0
  /// The tasks that deploy to environments.
  package let deploying: [Int]

  package static let mostTasks = 10_000

  /// - Parameters:
  ///   - tasks: valid as a job's list of tasks: needs name tasks of the list and make no cycle. References are resolved, and
  ///     no matrix is left.
  ///   - exclusions: for each task, why it does not run; left out, all do.
  ///   - combinations: for each task, the values of its matrix; left out, none has any.
  ///   - parts: for each task, which part of a split it is; left out, none is.
  /// - Throws: ``ValidationError`` when there are more than ``mostTasks``, or two of a name.
  package init(
    request: BuildRequest, tasks: [TaskDefinition], timeout: Int? = nil, exclusions: [String?]? = nil,
    combinations: [Matrix.Combination]? = nil, parts: [SplitPart?]? = nil
  ) throws(ValidationError) {
    try Plan.checkCount(tasks.count)
    var indices: [TaskName: Int] = [:]
    for (index, task) in tasks.enumerated() {
      guard indices.updateValue(index, forKey: task.name) == nil else { throw Plan.twice(task.name) }
    }
    self.timeout = timeout
    self.exclusions = exclusions ?? tasks.map { _ in nil }
    self.combinations = combinations ?? tasks.map { _ in [:] }
    self.parts = parts ?? tasks.map { _ in nil }
    self.request = request
    self.tasks = tasks
    self.indices = indices
    deploying = tasks.indices.filter { tasks[$0].deployment != nil }
    depths = Array(repeating: 0, count: tasks.count)
    needs = tasks.map { Set($0.needs.compactMap { indices[$0] }).sorted() }
    dependents = Array(repeating: [], count: tasks.count)
    for (task, needs) in needs.enumerated() {
      for need in needs { dependents[need].append(task) }
    }
  }

  static func checkCount(_ count: Int) throws(ValidationError) {
    guard count <= mostTasks else {
      throw ValidationError(
        "the build has \(count) tasks, and may have \(mostTasks)",
        remedy: "split the job into jobs that start one another with \"then\"")
    }
  }

  /// Two tasks of many variants that need each other are as many needs as the product.
  static func checkNeeds(_ count: Int) throws(ValidationError) {
    guard count <= 500_000 else {
      throw ValidationError(
        "the tasks of the build need one another \(count) times, and may 500000 times",
        remedy: "put one task between two that stand for many")
    }
  }

  static func twice(_ name: TaskName) -> ValidationError {
    ValidationError("two tasks of the build are called \(name)", remedy: "rename one of them")
  }

  /// Whether another task starts from its workspace.
  package func isNeeded(_ task: Int) -> Bool { !dependents[task].isEmpty }

  /// Why a task does not run in this build, in a sentence; `nil` when it does.
  package func exclusion(of task: Int) -> String? { exclusions[task] }
}

extension Plan {
  /// Every task that comes before a task, in the order of their indices. Costs as much as there are.
  package func allBefore(_ task: Int) -> [Int] { before([task]).sorted() }

  /// Whether a task comes before another one.
  func isBefore(_ task: Int, _ other: Int) -> Bool { before([other]).contains(task) }

  /// Every task that comes before one of these.
  func before(_ tasks: some Sequence<Int>) -> Set<Int> { before(tasks, atMost: .max) ?? [] }

  /// The same; `nil` when there are more than so many, without having looked at them all.
  func before(_ tasks: some Sequence<Int>, atMost most: Int) -> Set<Int>? {
    var found: Set<Int> = []
    var open = tasks.flatMap { needs[$0] }
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      guard found.count <= most, needs[next].count <= most else { return nil }
      open += needs[next]
    }
    return found
  }

  /// The needs whose workspaces a task starts from: those that are not already contained in another one's.
  package func workspaceSources(of task: Int) -> [Int] {
    guard needs[task].count > 1 else { return needs[task] }
    let contained = before(needs[task])
    return needs[task].filter { !contained.contains($0) }
  }
}
