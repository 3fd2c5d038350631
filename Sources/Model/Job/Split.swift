/// Deals the files of the workspace that match a glob out to parts: tasks of their own, which run side by side.
package struct Split: Hashable, Sendable, Codable {
  package enum Measure: String, Hashable, Sendable, Codable, CaseIterable {
    /// Each part takes about as long as the others, by what the files took in earlier builds.
    case time
    /// Each part has as many files as the others.
    case count
  }

  /// How many parts there are.
  package var into: Int
  /// A glob relative to the workspace.
  package var files: String
  package var by: Measure

  package init(into: Int, files: String, by: Measure = .time) {
    self.into = into
    self.files = files
    self.by = by
  }

  /// The name of the task for a part, such as `suite-0`.
  ///
  /// - Throws: ``ValidationError`` when it is too long.
  package static func name(of task: TaskName, part: Int) throws(ValidationError) -> TaskName {
    let name = "\(task)-\(part)"
    guard let name = try? TaskName(name) else {
      throw ValidationError(
        "the part of the task that would be called \(name.quoted) has a name of \(name.utf8.count) bytes",
        remedy: "use a shorter task name: 128 bytes are the most")
    }
    return name
  }
}
