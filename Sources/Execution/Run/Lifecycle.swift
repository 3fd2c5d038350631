/// The life of one run: facts come in as events, what must be done comes out as actions. No I/O, no time.
struct Lifecycle {
  /// What happened.
  enum Event {
    /// The command was forked and its program executed.
    case started(leader: Int32, at: MonotonicInstant)
    /// The command's program was not executed. The runner ends by itself.
    case failed(ExecutionError)
    /// The command's own process ended. Others of its tree may live.
    case exited(Ending, at: MonotonicInstant)
    /// Nothing of the tree is left, and the runner waits for the next command.
    case treeGone(killed: Int, usage: ResourceUsage)
    /// The runner is dead and reaped, before the tree was gone.
    case runnerEnded
    /// After the loss of the runner the tree was killed from here.
    case orphansKilled(Int)
    /// After the loss of the runner the tree could not be killed from here.
    case orphansRemain(any Error)
    /// The output has come to its end, or was abandoned.
    case outputEnded
    /// The consumer of the output threw.
    case outputRefused(any Error)
    /// A limit on time was reached.
    case elapsed(Timeout)
    /// The task that runs the command was cancelled.
    case cancelled
    /// The runner had more than enough time to end the tree.
    case stopOverdue
  }

  /// What must be done.
  enum Action: Equatable {
    /// The command's time begins.
    case startTimers
    /// The start is over, so the machine has time to prepare for another one.
    case prepareNextRunner
    /// The runner ends what was left behind, without being asked: see that it does.
    case awaitTree
    /// Ask the runner to end the tree, and see that it does.
    case requestStop
    /// The runner does not do its work.
    case killRunner
    /// The runner was killed: end its tree from here.
    case killOrphans(leader: Int32?)
    /// Nobody of the tree can write any more: take what is in the pipe and do not wait for its end.
    case abandonOutput
  }

  private enum Stop {
    case timeout(Timeout)
    case cancellation
    case refusal
  }

  private var start: (leader: Int32, instant: MonotonicInstant)?
  private var exit: (ending: Ending, instant: MonotonicInstant)?
  private var tree: (killed: Int, usage: ResourceUsage)?
  private var stop: Stop?
  private var refusal: (any Error)?
  private var failure: (any Error)?
  private var isOutputEnded = false
  private var isRunnerKilled = false

  /// Nothing is left to wait for: `conclusion` stands.
  var isOver: Bool { !isTreeAlive && isOutputEnded }

  /// Whether the runner can take another command.
  var leavesRunnerIdle: Bool { tree != nil && !isRunnerKilled }

  /// Takes note of an event and returns what it calls for.
  mutating func handle(_ event: Event) -> [Action] {
    switch event {
    case .started(let leader, let instant):
      start = (leader, instant)
      return [.startTimers, .prepareNextRunner]
    case .failed(let error):
      failure = error
      return [.prepareNextRunner, .abandonOutput]
    case .exited(let ending, let instant):
      exit = (self.ending(after: ending), instant)
      return stop == nil ? [.awaitTree] : []
    case .treeGone(let killed, let usage):
      tree = (killed, usage)
      return [.abandonOutput]
    case .runnerEnded:
      return isTreeAlive ? [.killOrphans(leader: start?.leader)] : []
    case .orphansKilled(let count):
      failure = Self.runnerLost(killed: count)
      return [.abandonOutput]
    case .orphansRemain(let error):
      failure = error
      return [.abandonOutput]
    case .outputEnded:
      isOutputEnded = true
      return []
    case .outputRefused(let error):
      refusal = refusal ?? error
      return requestStop(.refusal)
    case .elapsed(let timeout):
      return requestStop(.timeout(timeout))
    case .cancelled:
      return requestStop(.cancellation)
    case .stopOverdue:
      guard isTreeAlive else { return [] }
      isRunnerKilled = true
      return [.killRunner]
    }
  }

  /// What the run came to. Throws what the consumer of the output threw, or why there is no completion.
  func conclusion() throws -> Completion {
    if let refusal { throw refusal }
    if let failure { throw failure }
    guard let start, let exit, let tree else { throw Self.runnerLost(killed: 0) }
    return Completion(
      ending: exit.ending,
      started: start.instant,
      finished: exit.instant,
      usage: tree.usage,
      killedSurvivors: tree.killed
    )
  }

  private var isTreeAlive: Bool { tree == nil && failure == nil }

  /// The first reason to stop is the one that is reported; and who has ended by itself is not stopped any more: the runner
  /// sees to what was left behind.
  private mutating func requestStop(_ cause: Stop) -> [Action] {
    guard stop == nil, exit == nil, isTreeAlive else { return [] }
    stop = cause
    return [.requestStop]
  }

  private func ending(after ending: Ending) -> Ending {
    switch stop {
    case .timeout(let timeout): .timedOut(timeout)
    case .cancellation: .cancelled
    case .refusal, nil: ending
    }
  }

  private static func runnerLost(killed: Int) -> ExecutionError {
    ExecutionError(
      code: .infrastructure,
      message: "The command's runner was killed, so its outcome is unknown; \(killed) processes of it were ended."
    )
  }
}
