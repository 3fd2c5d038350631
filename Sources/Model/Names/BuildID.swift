/// Names one build: `JOB/NUMBER`. Numbers start at 1 and are given in the order of the triggers' acknowledgement.
package struct BuildID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package let job: JobName
  package let number: Int

  package init(job: JobName, number: Int) {
    self.job = job
    self.number = number
  }

  /// Parses `JOB/NUMBER`.
  ///
  /// - Throws: ``ValidationError`` when the text is anything else.
  package init(parsing text: String) throws(ValidationError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[1]), number > 0, String(number) == parts[1] else {
      throw ValidationError("\(text.prefix(160).debugDescription) does not name a build", remedy: "write JOB/NUMBER")
    }
    self.init(job: try JobName(String(parts[0])), number: number)
  }

  package var description: String { "\(job)/\(number)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.job, left.number) < (right.job, right.number)
  }
}
