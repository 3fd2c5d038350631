import Measurement
import Model
import Testing

/// A build in the hands of a test: it knows its plan and its state, and what was asked of the world.
struct TestBuild {
  private(set) var plan: Plan
  private(set) var state: BuildState
  private(set) var actions: [BuildAction] = []
  private var now = Timestamp(milliseconds: 3)

  /// - Parameter graph: for each task, the tasks that it needs.
  init(
    _ graph: [[Int]], timeout: Int? = nil, _ adjust: (Int, inout TaskDefinition) -> Void = { _, _ in }
  ) throws {
    let names = try graph.indices.map { try TaskName("t\($0)") }
    let tasks = graph.enumerated().map { index, needs in
      var task = TaskDefinition(
        name: names[index], needs: needs.map { names[$0] }, work: .executeShell(ExecuteShell(command: .script("true"))))
      adjust(index, &task)
      return task
    }
    let request = BuildRequest(
      build: BuildID(job: try JobName("job"), number: 1), requestID: "request", jobRevision: "", parameters: [:],
      cause: .request, requested: Timestamp(milliseconds: 0), depth: 0, priority: 0)
    plan = try Plan(
      request: request, tasks: tasks, timeout: timeout,
      exclusions: tasks.map { $0.when.exclusion(of: $0.name, from: request) })
    state = BuildState(taskCount: graph.count)
  }

  /// - Parameter time: when the events are handled that follow.
  mutating func start(at time: Int64 = 3, isHeld: Bool = false) {
    now = Timestamp(milliseconds: time)
    apply(.start, isHeld: isHeld)
  }

  /// Lets the time come that the task waits for.
  mutating func wake(_ task: Int, isHeld: Bool = false) {
    apply(.due(.retry(task: task, attempt: state.tasks[task].currentAttempt)), isHeld: isHeld)
  }

  mutating func cancel() { apply(.cancel(by: "ada", at: Timestamp(milliseconds: 5))) }

  /// Ends the attempt at a task that is posted now.
  mutating func end(_ task: Int, _ verdict: Verdict, isHeld: Bool = false) {
    apply(.ended(outcome(task, state.tasks[task].currentAttempt, verdict)), isHeld: isHeld)
  }

  func outcome(_ task: Int, _ attempt: Int, _ verdict: Verdict) -> AttemptOutcome {
    AttemptOutcome(
      task: task, attempt: attempt, token: "token", worker: "worker", verdict: verdict,
      started: Timestamp(milliseconds: 1), finished: Timestamp(milliseconds: 2), workspace: ["w\(task)"])
  }

  mutating func apply(_ event: BuildEvent, isHeld: Bool = false) {
    actions = state.advance(plan, event, now: now)
    if isHeld { actions = state.hold(actions) }
  }

  /// Takes back that a task was posted, as its environment does.
  mutating func hold(_ task: Int, at place: EnvironmentPlace) { state.hold(task, at: place) }

  /// Ends the attempt at a task with a list of tasks that are to join the build.
  mutating func end(_ task: Int, generating list: [TaskDefinition]) throws {
    var outcome = outcome(task, state.tasks[task].currentAttempt, .succeeded)
    outcome.generated = list.count
    let event = BuildEvent.ended(outcome)
    if state.generators(after: event).count > state.generators?.count ?? 0 { try plan.join(list, by: task) }
    apply(event)
  }

  /// The same plan in the hands of another state.
  func resuming(_ state: BuildState) -> TestBuild {
    var build = self
    build.state = state
    return build
  }

  /// Reads the state again from what would be stored.
  mutating func store() throws {
    state = try JSONBytes.decode(BuildState.self, from: JSONBytes.encode(state))
  }

  /// The tasks that the last event posted.
  var posted: [Int] {
    actions.compactMap { if case .post(let task, _) = $0 { task } else { nil } }
  }

  var verdicts: [Verdict?] { state.tasks.map(\.verdict) }
}

struct BuildStateTests {
  @Test("Tasks run when all that they need has ended well, side by side where nothing orders them")
  func order() throws {
    var build = try TestBuild([[], [], [0, 1], [2]])
    build.start()
    #expect(build.posted == [0, 1])
    build.end(0, .succeeded)
    #expect(build.posted == [])
    build.end(1, .succeeded)
    #expect(build.posted == [2])
    build.end(2, .succeeded)
    build.end(3, .succeeded)
    #expect(build.actions == [.end(.succeeded)])
    #expect(build.state.finished != nil)
  }

  @Test("A failed task skips what needs it, directly or not, and nothing else")
  func failure() throws {
    var build = try TestBuild([[], [0], [1], []])
    build.start()
    build.end(0, .failed)
    #expect(build.verdicts == [.failed, .skipped, .skipped, nil])
    build.end(3, .succeeded)
    #expect(build.actions == [.end(.failed)])
    #expect(build.state.tasks[2].reason == "it needs t1, which ended skipped")
  }

  @Test("An errored attempt is made again after waits that grow, five in all; a failed one is not")
  func repeats() throws {
    var build = try TestBuild([[]])
    build.start()
    #expect(build.actions == [.post(task: 0, attempt: 1)])
    for (attempt, wait) in zip(2..., [1_000, 4_000, 15_000, 60_000]) {
      build.end(0, .errored)
      guard case .set(.retry(0, attempt), let time)? = build.actions.first, build.actions.count == 1 else {
        Issue.record("no wait: \(build.actions)")
        return
      }
      #expect(build.state.tasks[0].phase == .resting(until: time))
      // Up to a quarter more, but the same for the same build.
      #expect((wait...(wait + wait / 4)).contains(Int(time.milliseconds) - 3))
      build.wake(0)
      #expect(build.actions == [.post(task: 0, attempt: attempt)])
    }
    build.end(0, .errored)
    #expect(build.actions == [.end(.errored)])
    #expect(build.state.tasks[0].attempts.count == AttemptOutcome.mostErrored)
    #expect(build.state.tasks[0].reason?.hasPrefix("5 attempts errored") ?? false)
  }

  @Test("The first lost worker is replaced at once, the second after a wait")
  func lostWorkers() throws {
    var build = try TestBuild([[]])
    build.start()
    func lose() {
      var outcome = build.outcome(0, build.state.tasks[0].currentAttempt, .errored)
      outcome.workerLost = true
      build.apply(.ended(outcome))
    }
    lose()
    #expect(build.actions == [.post(task: 0, attempt: 2)])
    lose()
    #expect(build.state.tasks[0].currentAttempt == 3 && build.state.timers.count == 1)
    if case .resting = build.state.tasks[0].phase {} else { Issue.record("it does not wait") }
  }

  @Test("A task that rests is cancelled at once, with its timer; a timer that fires late or twice changes nothing")
  func restingAndCancelled() throws {
    var build = try TestBuild([[], []])
    build.start()
    build.end(0, .errored)
    let resting = build.state
    for event in [.due(.retry(task: 0, attempt: 1)), .due(.retry(task: 9, attempt: 1)), .due(.timeout)] as [BuildEvent]
    {
      build.apply(event)
      #expect(build.actions == [] && build.state == resting)
    }
    let (timer, time) = try #require(build.state.timers.first)
    build.cancel()
    #expect(build.actions == [.clear(timer, at: time), .withdraw(task: 1, attempt: 1)])
    build.apply(.due(timer))
    #expect(build.actions == [])
    build.end(1, .cancelled)
    #expect(build.actions == [.end(.cancelled)])
  }

  @Test("Events that come twice, late or for another attempt change nothing")
  func voidEvents() throws {
    var build = try TestBuild([[], [0]])
    build.start()
    build.end(0, .succeeded)
    let before = build.state
    for event in [
      .start, .ended(build.outcome(0, 1, .failed)), .ended(build.outcome(1, 2, .failed)),
      .ended(build.outcome(7, 1, .failed)), .ended(build.outcome(-1, 1, .failed)),
    ] as [BuildEvent] {
      build.apply(event)
      #expect(build.actions == [])
      #expect(build.state == before)
    }
  }

  @Test("Cancelling withdraws what is posted, drops what waits, and waits for what runs")
  func cancellation() throws {
    var build = try TestBuild([[], [], [0]])
    build.start()
    build.end(1, .succeeded)
    build.cancel()
    #expect(build.actions == [.withdraw(task: 0, attempt: 1)])
    #expect(build.verdicts == [nil, .succeeded, .cancelled])
    let once = build.state
    build.cancel()
    #expect(build.actions == [] && build.state == once)
    build.end(0, .cancelled)
    #expect(build.actions == [.end(.cancelled)])
  }

  @Test("A build whose tasks had all ended when it was cancelled keeps its verdict")
  func lateCancellation() throws {
    var build = try TestBuild([[]])
    build.start()
    build.cancel()
    build.end(0, .succeeded)
    #expect(build.actions == [.end(.succeeded)])
  }

  @Test("A lost worker's attempt is not made again once the build was cancelled")
  func cancelledAndLost() throws {
    var build = try TestBuild([[]])
    build.start()
    build.cancel()
    build.end(0, .errored)
    #expect(build.actions == [.end(.errored)])
    #expect(build.state.tasks[0].attempts.count == 1)
  }

  @Test("A task starts from the workspaces of what it needs, without those that others already contain")
  func workspaces() throws {
    var build = try TestBuild([[], [0], [0], [0, 1, 2]])
    build.start()
    for task in 0..<3 { build.end(task, .succeeded) }
    #expect(build.state.workspace(before: 3, build.plan) == ["w1", "w2"])
    #expect(build.state.workspace(before: 0, build.plan) == [])
  }

  @Test("A task that adds to its workspace leaves what it started from, with its own on top")
  func addedWorkspaces() throws {
    var build = try TestBuild([[], [0], [1]])
    build.start()
    build.end(0, .succeeded)
    var outcome = build.outcome(1, 1, .succeeded)
    outcome.addsToWorkspace = true
    build.apply(.ended(outcome))
    #expect(build.state.workspace(before: 2, build.plan) == ["w0", "w1"])
  }

  @Test("The commit of a build is the one that the first checkout before a task took")
  func commits() throws {
    var build = try TestBuild([[], [0], [1]])
    build.start()
    var outcome = build.outcome(0, 1, .succeeded)
    outcome.commit = "abc"
    build.apply(.ended(outcome))
    build.end(1, .succeeded)
    #expect(build.state.commit(before: 2, build.plan) == "abc")
    #expect(build.state.commit(before: 0, build.plan) == nil)
  }

  @Test("A build that is given up ends errored, and nothing moves it any more")
  func abandoning() throws {
    var build = try TestBuild([[], [0]])
    build.start()
    var state = build.state
    state.abandon(because: "its text is gone", now: Timestamp(milliseconds: 9))
    #expect(state.verdict == .errored && state.tasks.map(\.reason) == ["its text is gone", "its text is gone"])
    let ended = state
    #expect(state.advance(build.plan, .ended(build.outcome(0, 1, .succeeded)), now: Timestamp(milliseconds: 10)) == [])
    #expect(state == ended)
  }

  @Test("The gravest verdict counts, and a broken machine never passes for a broken build")
  func overall() {
    #expect(Verdict.overall([.succeeded, .skipped]) == .succeeded)
    #expect(Verdict.overall([.failed, .timedOut, .skipped]) == .failed)
    #expect(Verdict.overall([.failed, .errored]) == .errored)
    #expect(Verdict.overall([.timedOut, .succeeded]) == .timedOut)
  }

  @Test("Whatever the graph, the outcomes and their order, every build ends once and no task runs too early")
  func everyBuildEnds() throws {
    var random = SeededGenerator(seed: 2013)
    for _ in 0..<400 {
      let size = Int.random(in: 1...24, using: &random)
      let graph = (0..<size).map { task in
        (0..<task).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
      }
      try runToTheEnd(try TestBuild(graph), graph, &random)
    }
  }

  private func runToTheEnd(_ fresh: TestBuild, _ graph: [[Int]], _ random: inout SeededGenerator) throws {
    var build = fresh
    var running: [Int] = []
    var resting: [Int] = []
    var ends = 0
    func note() {
      for case .post(let task, _) in build.actions {
        #expect(graph[task].allSatisfy { build.verdicts[$0] == .succeeded })
        running.append(task)
      }
      for case .set(.retry(let task, _), _) in build.actions { resting.append(task) }
      for case .clear(.retry(let task, _), _) in build.actions { resting.removeAll { $0 == task } }
      ends += build.actions.count { if case .end = $0 { true } else { false } }
    }
    build.start()
    note()
    while let task = (running + resting).randomElement(using: &random) {
      if resting.contains(task) {
        resting.removeAll { $0 == task }
        build.wake(task)
        note()
        continue
      }
      running.removeAll { $0 == task }
      if Int.random(in: 0..<40, using: &random) == 0 {
        build.cancel()
        note()
      }
      let verdict: Verdict =
        [.succeeded, .succeeded, .succeeded, .failed, .errored, .timedOut].randomElement(
          using: &random) ?? .succeeded
      let outcome = build.outcome(task, build.state.tasks[task].currentAttempt, verdict)
      build.apply(.ended(outcome))
      note()
      // The same news again.
      build.apply(.ended(outcome))
      #expect(build.actions == [])
    }
    #expect(ends == 1)
    #expect(build.state.verdict != nil)
  }
}
