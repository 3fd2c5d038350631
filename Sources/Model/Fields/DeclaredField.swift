/// The rule of a field that may hold `${…}` references. It holds for what the file says and again for what the
/// references turned it into, since their values may come from whoever pushed a branch.
package enum DeclaredField: String, Hashable, Sendable {
  case repository, ref, directory, files, into, build, environment, parameters, group, generates, deploy

  /// Checks a text without references, and brings it to its normal form.
  package func check(_ text: String) throws(ValidationError) -> String {
    switch self {
    case .repository: return try RepositoryAddress(text).text
    case .ref: try GitRef.check(text)
    case .directory, .into: return try RelativePath.normalized(text)
    case .generates: return try RelativePath.file(text)
    case .files: return try RelativePath.glob(text).pattern
    case .build: _ = try BuildSelector(text)
    case .environment, .parameters: try Self.checkValue(text)
    case .group: try Self.checkGroup(text)
    case .deploy: _ = try DeployTarget(text)
    }
    return text
  }

  /// Checks what the parts of a template outside its references allow to be checked.
  func check(_ template: Template) throws(ValidationError) {
    // What an address is shows at its start, and a selector may come whole from a parameter.
    if template.startsWithReference, self == .repository || self == .build { return }
    _ = try check(template.filled(with: "1"))
  }

  private static func checkGroup(_ text: String) throws(ValidationError) {
    guard (1...JobLimits.groupBytes).contains(text.utf8.count) else {
      throw ValidationError(
        "the name of the group has \(text.utf8.count) bytes",
        remedy: "1 is the least and \(JobLimits.groupBytes) the most")
    }
    guard text == text.bounded(to: JobLimits.groupBytes) else {
      throw ValidationError("the name of the group holds a control character", remedy: "remove it")
    }
  }

  private static func checkValue(_ text: String) throws(ValidationError) {
    guard !text.utf8.contains(0) else { throw ValidationError("the value holds a NUL character", remedy: "remove it") }
    guard text.utf8.count <= JobLimits.valueBytes else {
      throw ValidationError(
        "the value has more than \(JobLimits.valueBytes) bytes", remedy: "put long data into a file of the repository")
    }
  }
}
