/// A build's tasks with every reference resolved, and the order between them.
package struct Plan: Hashable, Sendable {
  package let request: BuildRequest
  /// In the order of the job file; a task's index is its name in all that follows.
  package let tasks: [TaskDefinition]
  /// For each task, the indices of those it needs.
  package let needs: [[Int]]
  /// For each task, whether another one starts from its workspace.
  package let isNeeded: [Bool]
  /// How long the build may take, in seconds.
  package let timeout: Int?
  /// For each task, the values of its matrix; empty when it has none.
  package let combinations: [Matrix.Combination]
  /// For each task, which part of a split it is, if it is one.
  package let parts: [SplitPart?]
  /// For each task, why it does not run in this build.
  private let exclusions: [String?]
  /// For each task, every task that comes before it.
  private let ancestors: [Set<Int>]

  package static let mostTasks = 128

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
    guard tasks.count <= Plan.mostTasks else {
      throw ValidationError(
        "the job has \(tasks.count) tasks, and a build holds \(Plan.mostTasks)",
        remedy: "split it into jobs that start one another with \"then\"")
    }
    var indices: [TaskName: Int] = [:]
    for (index, task) in tasks.enumerated() {
      guard indices.updateValue(index, forKey: task.name) == nil else {
        throw ValidationError("two tasks of the build are called \(task.name)", remedy: "rename one of them")
      }
    }
    self.timeout = timeout
    self.exclusions = exclusions ?? tasks.map { _ in nil }
    self.combinations = combinations ?? tasks.map { _ in [:] }
    self.parts = parts ?? tasks.map { _ in nil }
    self.request = request
    self.tasks = tasks
    needs = tasks.map { $0.needs.compactMap { indices[$0] } }
    isNeeded = Plan.neededFlags(needs)
    ancestors = Plan.ancestors(needs)
  }

  /// The needs whose workspaces a task starts from: those that are not already contained in another one's.
  package func workspaceSources(of task: Int) -> [Int] {
    needs[task].filter { need in !needs[task].contains { ancestors[$0].contains(need) } }.sorted()
  }

  /// Every task that comes before a task, in the order of the job file.
  package func allBefore(_ task: Int) -> [Int] { ancestors[task].sorted() }

  /// Whether a task comes before another one.
  func isBefore(_ task: Int, _ other: Int) -> Bool { ancestors[other].contains(task) }

  /// Why a task does not run in this build, in a sentence; `nil` when it does.
  package func exclusion(of task: Int) -> String? { exclusions[task] }

  private static func neededFlags(_ needs: [[Int]]) -> [Bool] {
    var flags = [Bool](repeating: false, count: needs.count)
    for need in needs.joined() { flags[need] = true }
    return flags
  }

  private static func ancestors(_ needs: [[Int]]) -> [Set<Int>] {
    var result = [Set<Int>?](repeating: nil, count: needs.count)
    func visit(_ task: Int) -> Set<Int> {
      if let known = result[task] { return known }
      let all = needs[task].reduce(into: Set(needs[task])) { $0.formUnion(visit($1)) }
      result[task] = all
      return all
    }
    return needs.indices.map(visit)
  }
}
