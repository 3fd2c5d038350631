import Model
import Testing

/// A build, and the world around it, as an explanation sees them.
private struct Scene {
  /// 2023-11-14 22:13:20 UTC
  static let now = Timestamp(milliseconds: 1_700_000_000_000)

  var snapshot: BuildSnapshot

  /// - Parameter tasks: name, needs, labels.
  init(_ tasks: [(String, [String], [String])], deploy: Bool = false) throws {
    let definitions = try tasks.map { name, needs, labels in
      TaskDefinition(
        name: try TaskName(name), needs: try needs.map { try TaskName($0) },
        labels: try labels.map { try Label($0) }, deploy: deploy,
        work: .executeShell(ExecuteShell(command: .script("true"))))
    }
    let request = BuildRequest(
      build: BuildID(job: try JobName("job"), number: 1), requestID: "", jobRevision: "", parameters: [:],
      cause: .request, requested: Self.ago(60), depth: 0, priority: 0)
    snapshot = BuildSnapshot(
      plan: try Plan(request: request, tasks: definitions), state: BuildState(taskCount: tasks.count), now: Self.now)
  }

  static func ago(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: now.milliseconds - seconds * 1_000) }

  mutating func advance(_ event: BuildEvent, isHeld: Bool = false) {
    let actions = snapshot.state.advance(snapshot.plan, event, now: Self.ago(50))
    if isHeld { _ = snapshot.state.hold(actions) }
  }

  mutating func end(_ task: Int, _ verdict: Verdict = .succeeded, isHeld: Bool = false) {
    let attempt = snapshot.state.tasks[task].currentAttempt
    advance(
      .ended(
        AttemptOutcome(
          task: task, attempt: attempt, token: "", worker: "w", verdict: verdict, started: Self.ago(50),
          finished: Self.ago(40))), isHeld: isHeld)
  }

  /// A worker of shell tasks that is alive.
  mutating func add(_ worker: String, labels: [String] = [], slots: Int = 1, isDraining: Bool = false) throws {
    snapshot.fleet.members.append(
      Fleet.Member(
        worker: worker, labels: Set(try labels.map { try Label($0) }), slots: [.executeShell: slots],
        isDraining: isDraining))
  }

  mutating func queue(
    _ ticket: String, labels: [String] = [], kind: TaskKind = .executeShell, ahead: Int = 0, total: Int = 1,
    parked: Int = 0, wait: Duration? = nil
  ) throws {
    snapshot.tickets[ticket] = .queued(
      QueueStanding(
        queue: QueueClass(kind: kind, labels: try labels.map { try Label($0) }), ahead: Count(ahead),
        total: Count(total), parked: parked, wait: wait))
  }

  mutating func take(_ ticket: String, by worker: String = "w", isAlive: Bool = true) {
    snapshot.tickets[ticket] = .taken(worker: worker, since: Self.ago(600), isAlive: isAlive)
  }

  var build: WaitReason? { Explanation(of: snapshot).build }
  var tasks: [WaitReason] { Explanation(of: snapshot).tasks.map(\.reason) }
  var texts: [String] { tasks.map { $0.text(snapshot.now) } }
}

/// The scene is not what the test sets out from.
private struct Missing: Error {}

struct ExplanationTests {
  private static let pause = Pause(by: "ada", at: Scene.ago(120), reason: "moving house")

  private func posted(labels: [String] = []) throws -> Scene {
    var scene = try Scene([("test", [], labels)])
    scene.advance(.start)
    return scene
  }

  @Test("A label that no live worker offers is named, with how many live and when one was seen")
  func label() throws {
    var scene = try posted(labels: ["big", "x86"])
    for number in 1...12 { try scene.add("w\(number)", labels: ["x86"]) }
    try scene.queue("t0a1", labels: ["big", "x86"])
    #expect(
      scene.texts == [
        "no live worker offers the label big (12 execute-shell workers live, none with it; none is remembered)"
      ])
    scene.snapshot.fleet.lastSeen[.init(.executeShell, try Label("big"))] = Scene.ago(180)
    #expect(
      scene.tasks == [
        .noLabel(try Label("big"), .executeShell, workers: Count(12), lastSeen: Scene.ago(180))
      ])
    #expect(scene.texts[0].hasSuffix("none with it; last seen 3 minutes ago)"))
  }

  @Test("Labels that are offered one by one but never together are told apart from a missing one")
  func combination() throws {
    var scene = try posted(labels: ["big", "x86"])
    try scene.add("w1", labels: ["x86"])
    try scene.add("w2", labels: ["big"])
    try scene.queue("t0a1", labels: ["big", "x86"])
    #expect(
      scene.texts == [
        "no live worker offers all of the labels big, x86 (2 execute-shell workers live)"
      ])
  }

  @Test("No worker of the kind: since when there has been none")
  func kind() throws {
    var scene = try posted()
    try scene.queue("t0a1")
    #expect(scene.texts == ["no execute-shell worker is alive (none is remembered)"])
    scene.snapshot.fleet.lastSeen[.init(.executeShell)] = Scene.ago(7_200)
    #expect(scene.texts == ["no execute-shell worker is alive (last seen 2 hours ago)"])
    // One of another kind changes nothing.
    scene.snapshot.fleet.members.append(.init(worker: "c", labels: [], slots: [.buildControl: 1]))
    #expect(scene.tasks == [.noWorker(.executeShell, lastSeen: Scene.ago(7_200))])
  }

  @Test("Busy slots: how many, the place in the queue, and when the turn is expected")
  func busy() throws {
    var scene = try posted()
    try scene.add("w1", slots: 6)
    try scene.add("w2", labels: ["more"], slots: 2)
    try scene.add("w3", slots: 4, isDraining: true)
    try scene.queue("t0a1", ahead: 13, total: 30, wait: .seconds(360))
    #expect(
      scene.texts == [
        "all 8 matching slots are busy, position 14 of 30, expected to start in about 6 minutes (22:19 UTC)"
      ])
    try scene.queue("t0a1", ahead: 13, total: 30)
    #expect(scene.texts == ["all 8 matching slots are busy, position 14 of 30"])
    scene.snapshot.tickets["t0a1"] = .queued(
      QueueStanding(
        queue: QueueClass(kind: .executeShell, labels: []), ahead: Count(1_000, isLeast: true),
        total: Count(1_000, isLeast: true), parked: 0, wait: .zero))
    #expect(scene.texts[0].contains("position more than 1,001 of more than 1,000, expected to start any moment"))
  }

  @Test("Workers that all drain, and a free slot, are told apart from busy ones")
  func drainingAndFree() throws {
    var scene = try posted()
    try scene.add("w1", slots: 2, isDraining: true)
    try scene.queue("t0a1")
    #expect(scene.tasks == [.draining(.executeShell, workers: 1)])
    try scene.queue("t0a1", parked: 1)
    #expect(scene.tasks == [.handingOver])
  }

  @Test("A pause of a label goes before all else that could be in the way; one that is ending does not count")
  func labelPause() throws {
    var scene = try posted(labels: ["x86"])
    try scene.queue("t0a1", labels: ["x86"], parked: 3)
    scene.snapshot.labelPauses[try Label("x86")] = Self.pause
    #expect(scene.texts == ["the label x86 is paused since 22:11 UTC by ada: moving house"])
    scene.snapshot.labelPauses[try Label("x86")]?.isEnding = true
    #expect(scene.tasks == [.handingOver])
  }

  @Test("A paused job holds what is ready, and what is not ready says what it needs")
  func jobPause() throws {
    var scene = try Scene([("source", [], []), ("test", ["source"], []), ("lint", [], [])])
    scene.advance(.start, isHeld: true)
    scene.snapshot.jobPause = Self.pause
    #expect(scene.build == .jobPaused(Self.pause))
    #expect(
      scene.tasks == [
        .jobPaused(Self.pause), .needs([Need(try TaskName("source"), .waiting)]), .jobPaused(Self.pause),
      ])
    scene.snapshot.jobPause?.isEnding = true
    #expect(scene.build == .resuming && scene.tasks[0] == .resuming)
  }

  @Test("What a paused job had under way is not held by the pause")
  func jobPauseLater() throws {
    var scene = try posted()
    scene.take("t0a1")
    scene.snapshot.jobPause = Self.pause
    #expect(scene.build == nil)
    #expect(scene.tasks == [.running(worker: "w", since: Scene.ago(600), expectedEnd: nil)])
  }

  @Test("A task that runs: where, since when, and how long still")
  func needs() throws {
    var scene = try Scene([("source", [], []), ("test", ["source"], [])])
    scene.advance(.start)
    scene.take("t0a1", by: "host~1")
    scene.snapshot.durations = [.seconds(780), nil]
    #expect(
      scene.texts == [
        "running since 22:03 UTC on worker host~1 (about 3 minutes more expected)",
        "waits for task source, running since 22:03 UTC on worker host~1 (about 3 minutes more expected)",
      ])
    scene.snapshot.durations = [.seconds(60), nil]
    #expect(scene.texts[0].hasSuffix("(longer than usual)"))
    scene.snapshot.tickets = [:]
    try scene.queue("t0a1")
    #expect(scene.texts[1] == "waits for task source, which waits itself")
  }

  @Test("A worker that was lost, and a task that is being stopped")
  func lostAndStopped() throws {
    var scene = try posted()
    scene.take("t0a1", isAlive: false)
    #expect(scene.tasks == [.workerLost(worker: "w", since: Scene.ago(600))])
    scene.take("t0a1")
    scene.advance(.cancel(by: "ada", at: Scene.ago(1)))
    #expect(scene.texts == ["cancelled by ada; worker w is stopping it"])
  }

  @Test("A task that deploys goes on when a newer build takes the place of its build, and nobody stops it")
  func spared() throws {
    var scene = try Scene([("ship", [], [])], deploy: true)
    scene.advance(.start)
    scene.take("t0a1")
    scene.advance(.supersede(by: BuildID(job: try JobName("job"), number: 2), at: Scene.ago(1)))
    #expect(scene.texts == ["running since 22:03 UTC on worker w"])
  }

  @Test("News that build-control has not taken in: of the trigger, of a task's end, of a cancellation")
  func control() throws {
    var scene = try Scene([("test", [], [])])
    try scene.queue("start", kind: .buildControl)
    let start = WaitReason.control(.triggered, because: .noWorker(.buildControl, lastSeen: nil))
    #expect(scene.build == start && scene.tasks == [start])
    #expect(
      scene.texts == [
        "build-control has yet to learn of the build: no build-control worker is alive (none is remembered)"
      ])
    scene.take("start")
    #expect(scene.texts == ["build-control learns of the build on worker w since 22:03 UTC"])
    scene.take("start", isAlive: false)
    #expect(scene.build == .control(.triggered, because: .workerLost(worker: "w", since: Scene.ago(600))))
    scene.snapshot.tickets = [:]
    #expect(scene.build == .control(.triggered, because: .changingHands))

    scene.advance(.start)
    try scene.queue("t0a1e", kind: .buildControl)
    #expect(
      scene.tasks == [.control(.ended(try TaskName("test")), because: .noWorker(.buildControl, lastSeen: nil))])
    try scene.queue("cancel", kind: .buildControl)
    #expect(scene.build == .control(.cancelled, because: .noWorker(.buildControl, lastSeen: nil)))
  }

  @Test("A ticket seen in no place was changing hands")
  func nowhere() throws {
    #expect(try posted().tasks == [.changingHands])
  }

  @Test("A concurrency group, and an attempt that is made again later")
  func holds() throws {
    var scene = try Scene([("test", [], [])])
    let holder = GroupHold.Holder(BuildID(job: try JobName("site"), number: 812), since: Scene.ago(600))
    scene.snapshot.group = GroupHold(group: "deploy", first: holder)
    #expect(scene.texts == ["held by the concurrency group deploy since 22:03 UTC by build site/812"])
    #expect(scene.build == scene.tasks[0])
    let other = GroupHold.Holder(BuildID(job: try JobName("shop"), number: 7), since: Scene.ago(300))
    scene.snapshot.group = GroupHold(group: "deploy", first: holder, others: [other])
    #expect(
      scene.texts == [
        "held by the concurrency group deploy, whose 2 places are taken: build site/812 since 22:03 UTC, "
          + "build shop/7 since 22:08 UTC"
      ])
    scene.snapshot.group = GroupHold(group: "deploy", first: holder, others: Array(repeating: other, count: 9))
    #expect(scene.texts[0].hasSuffix("build shop/7 since 22:08 UTC, and 6 more"))
    scene.snapshot.group = nil
    scene.advance(.start)
    scene.end(0, .errored)
    guard case .resting(let time) = scene.snapshot.state.tasks[0].phase else { throw Missing() }
    #expect(scene.tasks == [.retry(at: time, attempt: 2)])
    scene.snapshot.now = Timestamp(milliseconds: time.milliseconds - 120_000)
    #expect(scene.texts[0].hasPrefix("waits for attempt 2, in about 2 minutes (22:"))
  }

  @Test(
    "Whatever is read of a build, each task that has not ended has one reason with a sentence, and no other has one")
  func totality() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...5, using: &random)
      var scene = try Scene(
        (0..<count).map { task in
          ("t\(task)", (0..<task).filter { _ in Bool.random(using: &random) }.map { "t\($0)" }, ["x"])
        })
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        let isHeld = Bool.random(using: &random)
        switch Int.random(in: 0...4, using: &random) {
        case 0: scene.advance(.start, isHeld: isHeld)
        case 1 where Int.random(in: 0...5, using: &random) == 0: scene.advance(.cancel(by: "ada", at: Scene.now))
        default:
          scene.end(
            Int.random(in: 0..<count, using: &random), Verdict.allCases.randomElement(using: &random)!, isHeld: isHeld)
        }
      }
      let names = ["start", "cancel"] + (0..<count).flatMap { ["t\($0)a1", "t\($0)a1e", "t\($0)a2"] }
      for name in names {
        switch Int.random(in: 0...3, using: &random) {
        case 0: scene.take(name, isAlive: Bool.random(using: &random))
        case 1: try scene.queue(name, labels: ["x"], parked: Int.random(in: 0...1, using: &random))
        default: break
        }
      }
      if Bool.random(using: &random) { try scene.add("w", labels: ["x"], isDraining: Bool.random(using: &random)) }
      if Bool.random(using: &random) { scene.snapshot.jobPause = Self.pause }
      let open = zip(scene.snapshot.plan.tasks, scene.snapshot.state.tasks).filter { $1.verdict == nil }.map(\.0.name)
      let explanation = Explanation(of: scene.snapshot)
      #expect(explanation.tasks.map(\.task) == open)
      #expect(explanation.tasks.allSatisfy { !$0.reason.text(Scene.now).isEmpty })
      let view = ExplanationView(scene.snapshot.plan.request.build, explanation, verdict: nil, at: Scene.now)
      #expect(try JSONBytes.decode(ExplanationView.self, from: JSONBytes.encode(view)) == view)
    }
  }
}
