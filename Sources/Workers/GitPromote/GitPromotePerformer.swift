package import Execution
package import Model

/// Moves a ref to the commit that was built. Done twice, it does the same as once.
package struct GitPromotePerformer: TaskPerformer {
  package var kind: TaskKind { .gitPromote }

  /// How long it may take when the task does not say: ten minutes.
  package static let defaultTimeout = 600
  /// So often others may move the ref between looking and pushing.
  private static let mostOvertaken = 5

  private let configuration: WorkerConfiguration
  private let scratch: ScratchDirectory
  private let runner: CommandRunner

  package init(_ configuration: WorkerConfiguration, runner: CommandRunner) {
    self.configuration = configuration.forPromotion
    self.runner = runner
    scratch = ScratchDirectory(configuration.scratchDirectory)
  }

  package func perform(_ assignment: Assignment) async throws -> Performance {
    guard case .gitPromote(let work) = assignment.task.work else { throw WrongKind(assignment.task) }
    let timeout = assignment.task.timeout ?? Self.defaultTimeout
    return try await scratch.withFolder { folder in
      try await Performance.of {
        do {
          let address = try configuration.address(work.repository, ref: work.ref)
          let git = Git(configuration, runner, folder, address, timeout: timeout)
          let mirror = GitMirror(address, cache: configuration.cacheDirectory, git: git)
          let commit = try await BuiltCommit.find(of: work.repository, for: assignment)
          try await promote(commit, work, mirror, assignment)
          return Performance(.succeeded, workspace: assignment.workspace, commit: commit)
        } catch is GitTimeout {
          return Performance(.timedOut, message: "took longer than its timeout of \(TaskDuration.text(timeout))")
        }
      }
    }
  }

  private func promote(
    _ commit: String, _ work: GitPromote, _ mirror: GitMirror, _ assignment: Assignment
  ) async throws {
    let ref = work.fullRef
    for _ in 0..<Self.mostOvertaken {
      let commit = try await mirror.resolve(CommitChoice(ref: commit)).commit
      let old = try await mirror.head(of: ref)
      if let old, try await stays(at: old, instead: commit, work, mirror, assignment) { return }
      do {
        try await mirror.push(commit, to: ref, from: old)
        return try await assignment.log.line("moved \(ref) from \(old ?? "nothing") to \(commit)")
      } catch let error as GitError where error.isOvertaken {
        try await assignment.log.line("\(ref) was moved by somebody else; looking again")
      } catch let error as GitError where !error.isTransient && !error.isCorruption {
        throw TaskFailure("\(ref) of \(mirror.address) cannot be moved: \(error.words)")
      }
    }
    throw TaskFailure("\(ref) of \(mirror.address) was moved by others \(Self.mostOvertaken) times; try again")
  }

  /// Whether the ref is to stay where it is.
  ///
  /// - Throws: ``TaskFailure`` when it could only be moved sideways.
  private func stays(
    at old: String, instead commit: String, _ work: GitPromote, _ mirror: GitMirror, _ assignment: Assignment
  ) async throws -> Bool {
    if old == commit {
      try await assignment.log.line("\(work.fullRef) is at \(commit) already")
      return true
    }
    if work.force { return false }
    // An annotated tag is not the commit that it names.
    let tip = try await mirror.resolve(CommitChoice(ref: old)).commit
    switch try await mirror.mergeBase(tip, commit) {
    case tip: return false
    case commit:
      try await assignment.log.line("\(work.fullRef) stays at \(tip), which follows \(commit)")
      return true
    default:
      throw TaskFailure(
        "\(work.fullRef) is at \(tip), which \(commit) does not follow; set \"force\" to move it all the same")
    }
  }
}
