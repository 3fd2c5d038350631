extension PushTrigger {
  /// Whether a push to this branch starts a build, as far as the branch is concerned.
  ///
  /// - Throws: ``ValidationError`` when a glob is none; a trigger that was read from a job file never throws.
  package func accepts(branch: String) throws(ValidationError) -> Bool {
    if branches.isEmpty { return tags.isEmpty }
    return try Self.any(of: branches, matches: branch)
  }

  /// Whether a push of this tag starts a build.
  package func accepts(tag: String) throws(ValidationError) -> Bool {
    try Self.any(of: tags, matches: tag)
  }

  /// Whether a push that changed these files starts a build, as far as they are concerned.
  package func accepts(changedPaths: some Sequence<String>) throws(ValidationError) -> Bool {
    guard !paths.isEmpty else { return true }
    let globs = try paths.map { (path) throws(ValidationError) in try Glob(path) }
    return changedPaths.contains { path in globs.contains { $0.matches(path) } }
  }

  private static func any(of patterns: [String], matches text: String) throws(ValidationError) -> Bool {
    for pattern in patterns where try Glob(pattern).matches(text) { return true }
    return false
  }
}
