internal import Synchronization

/// Runs untrusted commands, each under a runner process that runs nothing else meanwhile.
///
/// The runner is the command's parent and the reaper of its whole tree. It is a process of its own because a worker is too
/// large to fork, and because it outlives the worker by just the time that it takes to kill the tree. The worker outlives
/// the runner likewise, see `Subreaper`. When nothing is left of its command, it takes the next one.
package struct CommandRunner: Sendable {
  private let runners: KeptRunners
  private let clock: any Clock<Duration>

  /// How many commands this process has begun, whichever runner ran them.
  package static var commandsBegun: Int { KeptRunners.begun.load(ordering: .relaxed) }

  /// Timeouts are measured with `clock`. From the first command on, at most `kept` runners (about 50 KiB each) wait for
  /// commands: as many as are expected to run at the same time.
  package init(runner: RunnerLocation, kept: Int = 1, clock: any Clock<Duration> = ContinuousClock()) {
    self.runners = KeptRunners(at: runner, limit: kept)
    self.clock = clock
  }

  /// Runs a command to its end, and the end of everything that it started.
  ///
  /// `output` gets what the command writes to stdout and stderr, in the order of writing, in chunks of at most 64 KiB; it is
  /// awaited before more is read. When it throws, the command is stopped, and the error is thrown from here. It does not see
  /// the cancellation of the calling task, so that it can store the last words of a command that is being stopped.
  ///
  /// Cancelling the task stops the command; this still returns only when the tree is gone, with the ending `cancelled`.
  /// `isHurried` is asked when the command is to be stopped, for whatever reason: whether there is no time for a grace.
  /// Throws `CancellationError` if the task was cancelled before the command started, and `ExecutionError`.
  package func run(
    _ command: Command,
    limits: Limits = Limits(),
    isHurried: @escaping @Sendable () -> Bool = { false },
    output: @escaping @Sendable (ArraySlice<UInt8>) async throws -> Void
  ) async throws -> Completion {
    try await run(command, limits, isHurried, clock, output)
  }

  private func run<C: Clock>(
    _ command: Command,
    _ limits: Limits,
    _ isHurried: @escaping @Sendable () -> Bool,
    _ clock: C,
    _ output: @escaping @Sendable (ArraySlice<UInt8>) async throws -> Void
  ) async throws -> Completion where C.Duration == Duration {
    let configuration = try RunnerConfiguration(command, limits)
    try Task.checkCancellation()
    ChildProcesses.announce(ChildProcesses.name(of: command.arguments), .before)
    let (process, pipe) = try await runners.begin(configuration)
    let (events, post) = AsyncStream.makeStream(of: Lifecycle.Event.self)
    let run = Run(
      process: process,
      output: pipe,
      runners: runners,
      command: command,
      limits: limits,
      isHurried: isHurried,
      clock: clock,
      events: events,
      post: post
    )
    // Unstructured, because a cancelled run still has work to do: the grace, the last output, the end of the tree.
    let conducting = Task { try await run.conduct(consume: output) }
    let completion = try await withTaskCancellationHandler {
      try await conducting.value
    } onCancel: {
      post.yield(.cancelled)
    }
    ChildProcesses.announce(ChildProcesses.name(of: command.arguments), .after)
    return completion
  }
}
