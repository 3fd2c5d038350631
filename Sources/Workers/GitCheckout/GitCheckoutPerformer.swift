package import Execution
package import Model

/// Puts the files of a commit into the workspace, as a repository of its own.
package struct GitCheckoutPerformer: TaskPerformer {
  package var kind: TaskKind { .gitCheckout }

  /// How long a checkout may take when the task does not say: half an hour.
  package static let defaultTimeout = 1_800

  let configuration: WorkerConfiguration
  let scratch: ScratchDirectory
  let runner: CommandRunner
  private let workspaces = Workspaces()

  package init(_ configuration: WorkerConfiguration, runner: CommandRunner) {
    self.configuration = configuration
    self.runner = runner
    scratch = ScratchDirectory(configuration.scratchDirectory)
  }

  package func perform(_ assignment: Assignment) async throws -> Performance {
    guard case .gitCheckout(let work) = assignment.task.work else { throw WrongKind(assignment.task) }
    let timeout = assignment.task.timeout ?? Self.defaultTimeout
    return try await scratch.withFolder { folder in
      try await Performance.of {
        do {
          let address = try configuration.address(work.repository, ref: work.ref)
          let size = work.jobFiles == nil ? Git.usualOutput : JobFileReading.listingSize
          let git = Git(configuration, runner, folder, address, timeout: timeout, outputSize: size)
          let mirror = GitMirror(address, cache: configuration.cacheDirectory, git: git)
          let (commit, jobFiles) = try await checkOut(work, assignment, folder, mirror, git)
          return try await finish(commit, jobFiles, assignment, folder)
        } catch is GitTimeout {
          return Performance(.timedOut, message: "took longer than its timeout of \(TaskDuration.text(timeout))")
        }
      }
    }
  }

  /// - Returns: the commit, and how many job files it holds where they are to be read.
  private func checkOut(
    _ work: GitCheckout, _ assignment: Assignment, _ folder: AttemptFolder, _ mirror: GitMirror, _ git: Git
  ) async throws -> (commit: String, jobFiles: Int?) {
    let checkout = Checkout(folder.path(of: work.directory), git: git)
    do {
      return try await checkOut(work, assignment, checkout, mirror)
    } catch let error as GitError where error.isCorruption {
      try await assignment.log.line("the cached copy of \(mirror.address) is damaged (\(error.words)); making it again")
      try await mirror.discard()
      try await checkout.remove()
      return try await checkOut(work, assignment, checkout, mirror)
    }
  }

  private func checkOut(
    _ work: GitCheckout, _ assignment: Assignment, _ checkout: Checkout, _ mirror: GitMirror
  ) async throws -> (commit: String, jobFiles: Int?) {
    let choice = CommitChoice.of(work, for: assignment)
    guard let files = work.jobFiles else {
      return (try await make(checkout, choice, work, assignment, mirror), nil)
    }
    let reading = JobFileReading(assignment: assignment, repository: work.repository, files: files, mirror: mirror)
    let commit = try await mirror.resolve(choice).commit
    let count = try await reading.read(at: commit)
    // Where nobody wants the files of the commit, none are made.
    if assignment.keepsWorkspace { _ = try await make(checkout, choice, work, assignment, mirror) }
    return (commit, count)
  }

  /// - Returns: the commit.
  private func make(
    _ checkout: Checkout, _ choice: CommitChoice, _ work: GitCheckout, _ assignment: Assignment, _ mirror: GitMirror
  ) async throws -> String {
    let commit = try await checkout.make(choice, from: mirror)
    try await assignment.log.line("checked out \(try await checkout.headline())")
    if work.submodules { try await checkout.updateSubmodules() }
    return commit
  }

  /// What the task leaves is a layer of its own files: what it starts from need not even be read.
  private func finish(
    _ commit: String, _ jobFiles: Int?, _ assignment: Assignment, _ folder: AttemptFolder
  ) async throws -> Performance {
    var performance = Performance(.succeeded, commit: commit)
    performance.jobFiles = jobFiles
    if assignment.keepsWorkspace {
      performance.workspace = assignment.workspace + [try await workspaces.save(folder, assignment)]
    }
    return performance
  }
}
