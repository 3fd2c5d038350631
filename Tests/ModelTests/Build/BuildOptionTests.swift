import Measurement
import Model
import Testing

/// How a build goes on when its tasks say more than what they need.
struct BuildOptionTests {
  @Test("A task that may fail leaves the build green, and what needs it goes on from what it started from")
  func allowedFailure() throws {
    var build = try TestBuild([[], [0], [1]]) { index, task in task.allowFailure = index == 1 }
    build.start()
    build.end(0, .succeeded)
    build.end(1, .failed)
    #expect(build.posted == [2])
    #expect(build.state.workspace(before: 2, build.plan) == ["w0"])
    build.end(2, .succeeded)
    #expect(build.actions == [.end(.succeeded)])
    #expect(build.verdicts == [.succeeded, .failed, .succeeded])
  }

  @Test("A task whose condition does not hold is skipped when its turn comes, and its followers go on")
  func excluded() throws {
    var build = try TestBuild([[], [0], [1]]) { index, task in if index == 1 { task.when.events = ["push"] } }
    build.start()
    #expect(build.posted == [0])
    #expect(build.verdicts == [nil, nil, nil])
    build.end(0, .succeeded)
    #expect(build.posted == [2])
    #expect(build.state.tasks[1].reason == "it runs only for the event push, and this is a request")
    #expect(build.state.workspace(before: 2, build.plan) == ["w0"])
    build.end(2, .succeeded)
    #expect(build.actions == [.end(.succeeded)])
  }

  @Test("A failure before it is skipped further, not taken for a condition that does not hold")
  func excludedAfterFailure() throws {
    var build = try TestBuild([[], [0], [1]]) { index, task in if index == 1 { task.when.events = ["push"] } }
    build.start()
    build.end(0, .failed)
    #expect(build.verdicts == [.failed, .skipped, .skipped])
    #expect(build.actions == [.end(.failed)])
  }

  @Test(
    "A task runs after a failure anywhere before it, always, or not at all",
    arguments: [
      (Condition.Status.failure, Verdict.failed, true), (.failure, .succeeded, false), (.always, .failed, true),
      (.always, .succeeded, true), (.success, .failed, false), (.success, .succeeded, true),
      (.failure, .timedOut, true),
    ])
  func statuses(status: Condition.Status, first: Verdict, runs: Bool) throws {
    var build = try TestBuild([[], [0], [1]]) { index, task in if index == 2 { task.when.status = status } }
    build.start()
    build.end(0, first)
    if first == .succeeded { build.end(1, .succeeded) }
    #expect(build.posted == (runs ? [2] : []))
    if runs { build.end(2, .succeeded) }
    #expect(build.actions.last == .end(first))
    if !runs { #expect(build.verdicts[2] == .skipped && build.state.tasks[2].reason != nil) }
  }

  @Test("A failed task is tried again as its retry says, after waits that grow by its increment")
  func retries() throws {
    var build = try TestBuild([[]]) { _, task in task.retry = Retry(attempts: 3, wait: 10, increment: 5) }
    build.start(at: 0)
    build.end(0, .failed)
    #expect(build.actions == [.set(.retry(task: 0, attempt: 2), at: Timestamp(milliseconds: 10_000))])
    build.wake(0)
    // What our infrastructure failed is not counted, and waits by its own rule.
    build.end(0, .errored)
    build.wake(0)
    build.end(0, .timedOut)
    #expect(build.actions == [.set(.retry(task: 0, attempt: 4), at: Timestamp(milliseconds: 15_000))])
    build.wake(0)
    build.end(0, .failed)
    #expect(build.actions == [.end(.failed)])
  }

  @Test("With texts to look for, only an attempt whose output held one is tried again, at once when there is no wait")
  func retriesOnOutput() throws {
    var build = try TestBuild([[], []]) { _, task in task.retry = Retry(attempts: 5, onOutput: ["unreachable"]) }
    build.start()
    var outcome = build.outcome(0, 1, .failed)
    outcome.matchedOutput = "unreachable"
    build.apply(.ended(outcome))
    #expect(build.actions == [.post(task: 0, attempt: 2)])
    build.end(0, .failed)
    build.end(1, .failed)
    #expect(build.actions == [.end(.failed)])
  }

  @Test("A build that takes too long is stopped: what runs is told, what waits never runs")
  func timeout() throws {
    var build = try TestBuild([[], [0]], timeout: 60)
    build.start(at: 0)
    let time = Timestamp(milliseconds: 60_000)
    #expect(build.actions == [.set(.timeout, at: time), .post(task: 0, attempt: 1)])
    build.apply(.due(.timeout))
    #expect(build.actions == [.withdraw(task: 0, attempt: 1)])
    #expect(build.state.tasks[1].reason == "cancelled by the build's timeout of 1m")
    build.end(0, .cancelled)
    #expect(build.actions == [.clear(.timeout, at: time), .end(.timedOut)])
  }

  @Test("A newer build stops all but what deploys, also between its attempts; a person stops that as well")
  func superseding() throws {
    let newer = BuildID(job: try JobName("job"), number: 2)
    var build = try TestBuild([[], [], [0], [1]]) { index, task in task.deploy = index != 1 }
    build.start()
    build.apply(.supersede(by: newer, at: Timestamp(milliseconds: 4)))
    #expect(build.actions == [.withdraw(task: 1, attempt: 1)])
    build.end(0, .errored)
    build.wake(0)
    #expect(build.posted == [0])
    build.end(0, .succeeded)
    #expect(build.posted == [2])
    build.end(1, .cancelled)
    #expect(build.verdicts == [.succeeded, .cancelled, nil, .skipped])
    build.cancel()
    #expect(build.actions == [.withdraw(task: 2, attempt: 1)])
    #expect(build.state.cancelled?.by == "ada")
    build.end(2, .cancelled)
    #expect(build.actions == [.end(.cancelled)])
  }

  @Test("A build that has not begun when a newer one takes its place runs nothing")
  func supersededBeforeItsStart() throws {
    var build = try TestBuild([[]]) { _, task in task.deploy = true }
    build.apply(.supersede(by: BuildID(job: try JobName("job"), number: 2), at: Timestamp(milliseconds: 4)))
    #expect(build.actions == [.end(.cancelled)])
  }

  @Test("Workspaces made side by side are told apart, with what both started from")
  func layers() throws {
    // 0 is the source; 1 and 2 follow it side by side; 3 joins them; 4 goes on from 3, which only adds.
    var build = try TestBuild([[], [0], [0], [1, 2], [3]])
    build.start()
    for task in 0..<3 { build.end(task, .succeeded) }
    let joined = [
      WorkspaceLayer(task: 1, keys: ["w1"]), WorkspaceLayer(task: 2, keys: ["w2"], base: ["w0"]),
    ]
    #expect(build.state.layers(before: 3, build.plan) == joined)
    #expect(build.state.layers(before: 1, build.plan) == [WorkspaceLayer(task: 0, keys: ["w0"])])
    var outcome = build.outcome(3, 1, .succeeded)
    outcome.addsToWorkspace = true
    build.apply(.ended(outcome))
    #expect(build.state.layers(before: 4, build.plan) == joined + [WorkspaceLayer(task: 3, keys: ["w3"])])
    #expect(build.plan.joinsWorkspaces(before: 4) && !build.plan.joinsWorkspaces(before: 2))
  }

  @Test("Whatever the graph, its options, the outcomes and their order: it ends once, and the same however they arrive")
  func everyBuildEnds() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let size = Int.random(in: 1...20, using: &random)
      let graph = (0..<size).map { task in (0..<task).filter { _ in Int.random(in: 0..<4, using: &random) == 0 } }
      let options = (0..<size).map { _ in Int.random(in: 0..<12, using: &random) }
      // What each attempt at each task comes to is fixed, so that only the order of arrival differs.
      let seed = random.next()
      let runs = try (0..<3).map { _ in try run(graph, options, outcomes: seed, &random) }
      for run in runs.dropFirst() {
        #expect(run.verdicts == runs[0].verdicts)
        #expect(run.state.verdict == runs[0].state.verdict)
      }
    }
  }

  private func run(
    _ graph: [[Int]], _ options: [Int], outcomes seed: UInt64, _ random: inout SeededGenerator
  ) throws -> TestBuild {
    var build = try TestBuild(graph) { index, task in
      switch options[index] {
      case 0: task.allowFailure = true
      case 1: task.when.status = .failure
      case 2: task.when.status = .always
      case 3: task.when.events = ["push"]
      case 4: task.retry = Retry(attempts: 3, wait: 1)
      case 5: task.retry = Retry(attempts: 2)
      default: break
      }
    }
    let fresh = build
    var (pending, log, ends) = ([BuildEvent](), [BuildEvent](), 0)
    func apply(_ event: BuildEvent) throws {
      build.apply(event)
      log.append(event)
      for action in build.actions {
        switch action {
        case .post(let task, let attempt):
          #expect(graph[task].allSatisfy { build.state.tasks[$0].hasEnded })
          var dice = SeededGenerator(seed: seed &+ UInt64(task * 100 + attempt))
          let verdict =
            [.succeeded, .succeeded, .failed, .errored, .timedOut].randomElement(using: &dice) ?? Verdict.failed
          pending.append(.ended(build.outcome(task, attempt, verdict)))
        case .set(let timer, _): pending.append(.due(timer))
        case .proceed(let turn): pending.append(.proceed(turn: turn))
        case .end: ends += 1
        case .withdraw, .clear: break
        }
      }
    }
    try apply(.start)
    while let index = pending.indices.randomElement(using: &random) {
      let event = pending.remove(at: index)
      try apply(event)
      let once = build.state
      // The same news again, and older news.
      try apply(event)
      if let old = log.randomElement(using: &random) { try apply(old) }
      #expect(build.state == once)
    }
    #expect(ends == 1 && build.state.verdict != nil)
    expectReplay(of: log, fresh)
    return build
  }

  /// Every prefix gives the same state again, also when the state is stored and read in between.
  private func expectReplay(of log: [BuildEvent], _ fresh: TestBuild) {
    var (first, second) = (fresh, fresh)
    for event in log {
      first.apply(event)
      second.apply(event)
      #expect(first.state == second.state && first.actions == second.actions)
    }
  }
}
