package import Model

/// What to read the log of: `JOB/NUMBER` or `JOB/NUMBER/TASK`.
package struct LogTarget: Hashable, Sendable {
  package let build: BuildID
  package let task: TaskName?

  /// - Throws: `ValidationError` when the text is anything else.
  package init(_ text: String) throws(Model.ValidationError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    build = try BuildID(parsing: parts.prefix(2).joined(separator: "/"))
    guard parts.count <= 3 else {
      throw Model.ValidationError(
        "\(text.prefix(160).debugDescription) does not name a log", remedy: "write JOB/NUMBER or JOB/NUMBER/TASK")
    }
    task = parts.count == 3 ? try TaskName(String(parts[2])) : nil
  }
}
