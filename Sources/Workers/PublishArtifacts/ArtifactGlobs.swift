import Model

/// The globs of a task, and what happens when one of them matches nothing.
struct ArtifactGlobs: Sendable {
  let globs: [Glob]
  private let ifMissing: PublishArtifacts.IfMissing

  /// - Throws: ``TaskFailure``: a glob may come from a parameter.
  init(_ patterns: [String], ifMissing: PublishArtifacts.IfMissing) throws {
    self.ifMissing = ifMissing
    do {
      globs = try patterns.map(RelativePath.glob)
    } catch {
      throw TaskFailure(error.description)
    }
  }

  /// - Parameters:
  ///   - matched: for each glob, whether it matched.
  ///   - nothing: what did not match, as in "no file of the workspace".
  func check(_ matched: [Bool], _ nothing: String, _ log: AttemptLog) async throws {
    for (glob, matched) in zip(globs, matched) where !matched {
      try await report("\(nothing) matches \(glob); a directory's files are named DIRECTORY/**", log)
    }
  }

  /// - Throws: ``TaskFailure`` unless the task can do without.
  func report(_ missing: String, _ log: AttemptLog) async throws {
    switch ifMissing {
    case .fail: throw TaskFailure(missing)
    case .warn: try await log.line("warning: \(missing)")
    case .ignore: break
    }
  }
}
