/// Reads the list of tasks that a task wrote while its build ran: as the tasks of a job file, but for what only an operator's
/// job may do.
package enum TaskList {
  /// Of the file, in bytes.
  package static let bytes = 8 << 20
  /// A hundred for each of the tasks that a build may have.
  static let values = 100 * Plan.mostTasks
  /// Lists within lists.
  package static let depth = 3
  /// Tasks of one build that may write lists.
  package static let lists = 100

  /// - Parameters:
  ///   - file: what to call the file in diagnostics.
  ///   - references: the names that `${…}` may use.
  /// - Throws: ``InvalidJobFile`` with everything that is wrong, up to ``JobLimits/diagnostics``.
  package static func parse(
    _ bytes: [UInt8], file: String, references: some Sequence<String>
  ) throws(InvalidJobFile) -> [TaskDefinition] {
    var reader = JobFileReader(file: file)
    reader.references = Array(references)
    let place = try JobFile.read(
      bytes, file: file, .init(bytes: Self.bytes, depth: JobLimits.depth, values: Self.values))
    let tasks = reader.generatedTasks(place)
    guard let tasks, reader.diagnostics.isEmpty else {
      throw InvalidJobFile(diagnostics: reader.diagnostics.sorted { $0.position < $1.position })
    }
    return tasks
  }

  /// The text of a list. Reading it gives the list back.
  package static func text(_ tasks: [TaskDefinition]) -> String { JSONValue.array(tasks.map(\.jsonValue)).prettyText }
}

extension JobFileReader {
  fileprivate mutating func generatedTasks(_ place: JSONPlace) -> [TaskDefinition]? {
    guard let places = list(place, limit: Plan.mostTasks) else { return nil }
    // Nothing to do is a good answer to what there is to do.
    guard !places.isEmpty, let tasks = tasks(places) else { return places.isEmpty ? [] : nil }
    for (task, place) in zip(tasks, places) {
      if case .gitPromote = task.work { refuse("moves refs", place, "type") }
      if case .gitCheckout(let work) = task.work, work.jobFiles != nil { refuse("reads job files", place, "jobFiles") }
      if task.deploy || task.deployment != nil { refuse("deploys", place, "deploy") }
    }
    return tasks
  }

  /// Who may push to a repository writes its lists, and those who run DistCI decide what may touch the world outside.
  private mutating func refuse(_ does: String, _ place: JSONPlace, _ key: String) {
    report(
      .invalidValue, at: (place.node[key] ?? place.node).position, path: place.memberPath(key),
      "a task that \(does) cannot be generated", remedy: "write it in the job file, after the task that generates")
  }
}
