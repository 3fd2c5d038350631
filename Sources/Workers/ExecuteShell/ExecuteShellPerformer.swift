package import Execution
package import Model

/// Runs the command of a task in its workspace.
package struct ExecuteShellPerformer: TaskPerformer {
  package var kind: TaskKind { .executeShell }

  /// How long a command may run when the task does not say.
  package static let defaultTimeout = 3_600

  private let configuration: WorkerConfiguration
  private let scratch: ScratchDirectory
  private let runner: CommandRunner
  private let workspaces = Workspaces()

  /// - Parameter scratch: the configuration's; one of its own without.
  package init(_ configuration: WorkerConfiguration, runner: CommandRunner, scratch: ScratchDirectory? = nil) {
    self.configuration = configuration
    self.runner = runner
    self.scratch = scratch ?? ScratchDirectory(configuration.scratchDirectory)
  }

  package func perform(_ assignment: Assignment) async throws -> Performance {
    guard case .executeShell(let work) = assignment.task.work else { throw WrongKind(assignment.task) }
    return try await scratch.withFolder { folder in
      try await Performance.of {
        try await workspaces.restore(assignment, into: folder)
        let dealt = try await DealtFiles.of(assignment, in: folder)
        if let dealt, dealt.files.isEmpty {
          try await assignment.log.line("there are fewer files than parts: nothing is left for this one to do")
          return Performance(.succeeded, workspace: assignment.workspace)
        }
        let tests = try await TestCollection(work, dealt, assignment, in: folder)
        var performance = try await run(work, dealt, assignment, in: folder)
        performance.tests = try await tests.keep(after: performance.verdict)
        if performance.verdict == .succeeded, let path = work.generates {
          performance.generated = try await GeneratedTasks(assignment: assignment, folder: folder).take(from: path)
        }
        if performance.verdict == .succeeded, assignment.keepsWorkspace {
          performance.workspace = [try await workspaces.save(folder, assignment)]
        }
        return performance
      }
    }
  }

  private func run(
    _ work: ExecuteShell, _ dealt: DealtFiles?, _ assignment: Assignment, in folder: AttemptFolder
  ) async throws -> Performance {
    let command = Command(
      arguments: try await arguments(work, folder),
      environment: CommandEnvironment.of(
        assignment, folder, dealt, page: configuration.page(of: assignment.attempt.request.build),
        declared: work.environment),
      workingDirectory: try await workingDirectory(work.directory, folder))
    let task = assignment.task
    let limits = Limits(
      total: .seconds(task.timeout ?? Self.defaultTimeout), idle: task.idleTimeout.map { .seconds($0) },
      grace: configuration.grace)
    let search = OutputSearch(task.retry?.onOutput ?? [])
    do {
      // A command whose claim is lost runs somewhere else already: its last words count for nothing.
      let completion = try await runner.run(
        command, limits: limits, isHurried: { assignment.stop.reason == .lost }
      ) { output in
        search.feed(output)
        try await assignment.log.write(output)
      }
      var performance = try performance(completion.ending, task)
      if performance.verdict != .succeeded { performance.matchedOutput = search.found }
      return performance
    } catch let error as ExecutionError where error.code != .infrastructure {
      throw TaskFailure(error.message)
    }
  }

  /// The script is a file, so that it may be of any length and read its standard input; and none of the workspace.
  private func arguments(_ work: ExecuteShell, _ folder: AttemptFolder) async throws -> [String] {
    switch work.command {
    case .arguments(let arguments): return arguments
    case .script(let script):
      let path = folder.own + "/script"
      try await BlockingCalls.run { try OpenFile(creating: path, mode: 0o600).write(Array(script.utf8)) }
      return ["/bin/sh", "-e", path]
    }
  }

  private func workingDirectory(_ directory: String, _ folder: AttemptFolder) async throws -> String {
    // It is ours, and leads nowhere else.
    if directory.isEmpty { return folder.workspace }
    let found = try await BlockingCalls.runBriefly { () -> String? in
      guard let path = FilePaths.resolved(folder.path(of: directory)), FilePaths.isDirectory(path) else { return nil }
      return path
    }
    guard let found else {
      throw TaskFailure(
        "there is no directory '\(directory)' in the workspace; name one that an earlier task makes")
    }
    guard found == folder.workspace || found.hasPrefix(folder.workspace + "/") else {
      throw TaskFailure(
        "the directory '\(directory)' leads out of the workspace by a symbolic link; name one inside")
    }
    return found
  }

  private func performance(_ ending: Ending, _ task: TaskDefinition) throws -> Performance {
    switch ending {
    case .exited(0): return Performance(.succeeded, exitStatus: 0)
    case .exited(let status):
      return Performance(.failed, message: "exited with status \(status)", exitStatus: Int(status))
    case .signalled(let signal): return Performance(.failed, message: "killed by signal \(SignalName.of(signal))")
    case .timedOut(.total):
      let limit = TaskDuration.text(task.timeout ?? Self.defaultTimeout)
      return Performance(.timedOut, message: "ran longer than its timeout of \(limit)")
    case .timedOut(.idle):
      let limit = TaskDuration.text(task.idleTimeout ?? 0)
      return Performance(.timedOut, message: "wrote nothing for its idle timeout of \(limit)")
    case .cancelled: throw CancellationError()
    }
  }
}
