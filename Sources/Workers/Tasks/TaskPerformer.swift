package import Model
package import SharedRepository

/// Does one kind of task. Knows nothing of tickets: the slot that calls it claims, finishes, and stops it.
package protocol TaskPerformer: Sendable {
  var kind: TaskKind { get }

  /// Does the task, leaving nothing behind on this machine but caches.
  ///
  /// A cancelled Swift task means that the work must stop: the claim is lost, the build was cancelled, or the worker is
  /// ending. Then what was started is stopped, whole process tree included, before the call returns or throws.
  ///
  /// - Returns: how it ended, as far as the user's command or the task's own checks can say.
  /// - Throws: what went wrong on our side: the attempt is then `errored`, and is made again.
  func perform(_ assignment: Assignment) async throws -> Performance
}

/// All that a performer needs for one attempt.
package struct Assignment: Sendable {
  package let attempt: TaskAttempt
  package let plan: Plan
  /// Keys of the workspace snapshots that it starts from, later over earlier.
  package let workspace: [String]
  /// The same, told apart by who made it, where tasks side by side did; else `nil`.
  package let layers: [WorkspaceLayer]?
  package let repository: SharedRepository
  /// Where the attempt keeps what it makes.
  package let storage: AttemptStorage
  /// What the attempt writes for people to read. The slot closes it.
  package let log: AttemptLog
  /// Why the work must stop, when it must.
  package let stop: WorkStop

  /// - Parameter workspace: `nil` takes the attempt's own.
  package init(
    attempt: TaskAttempt, plan: Plan, workspace: [String]? = nil, layers: [WorkspaceLayer]? = nil,
    repository: SharedRepository, storage: AttemptStorage,
    log: AttemptLog, stop: WorkStop = WorkStop()
  ) {
    self.attempt = attempt
    self.plan = plan
    self.workspace = workspace ?? attempt.workspace ?? []
    self.layers = layers
    self.repository = repository
    self.storage = storage
    self.log = log
    self.stop = stop
  }

  /// The task, with every reference resolved.
  package var task: TaskDefinition { plan.tasks[attempt.task] }
  /// The values of its matrix.
  package var combination: Matrix.Combination { plan.combinations[attempt.task] }
  /// Which part of a split it is, if it is one.
  package var part: SplitPart? { plan.parts[attempt.task] }
  /// Whether another task starts from this one's workspace; if not, none need be kept.
  package var keepsWorkspace: Bool {
    if case .executeShell(let work) = task.work, work.generates != nil { return true }
    return plan.isNeeded(attempt.task)
  }
}

/// How a performer's work ended.
package struct Performance: Hashable, Sendable {
  package var verdict: Verdict
  /// Why, in a sentence, when it did not succeed.
  package var message: String?
  /// The command's exit status, when it exited.
  package var exitStatus: Int?
  /// Keys of the snapshots that together, later over earlier, are the workspace that it leaves.
  package var workspace: [String]
  /// How many artifacts it published.
  package var artifacts: Int
  /// The commit that it checked out, in hexadecimal.
  package var commit: String?
  /// The build that it copied artifacts from.
  package var source: BuildID?
  /// Which of the texts that the task looks for its output held first.
  package var matchedOutput: String?
  /// How many tasks it added to the build, when it may add any.
  package var generated: Int?
  /// How many job files it read out of its commit, when it was to.
  package var jobFiles: Int?
  /// How many test results it told; `nil` when it told nothing of tests.
  package var tests: Int?

  package init(
    _ verdict: Verdict, message: String? = nil, exitStatus: Int? = nil, workspace: [String] = [], artifacts: Int = 0,
    commit: String? = nil
  ) {
    self.verdict = verdict
    self.message = message
    self.exitStatus = exitStatus
    self.workspace = workspace
    self.artifacts = artifacts
    self.commit = commit
  }
}
