import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct EnvironmentTests {
  private static let time = Timestamp(milliseconds: 1_700_000_000_000)

  private func environment() throws -> EnvironmentView {
    let (stage, ship) = (try DeployTarget("stage"), try TaskName("ship"))
    func build(_ number: Int) throws -> BuildID { BuildID(job: try JobName("shop"), number: number) }
    let rollback = BuildCause.rollback(Rollback(environment: stage, to: try build(1), by: "bob"))
    let push = BuildCause.push(.init(repository: "o/n", ref: "refs/heads/\u{1B}[31mx", commit: "abc"))
    let history = [
      DeployView(
        try build(3), task: ship, since: Self.time, commit: "0123456789abcdef", cause: rollback, approval: nil),
      DeployView(
        try build(1), task: ship, since: Self.time, commit: nil, cause: push,
        approval: Approval(by: "ann", at: Self.time)),
    ]
    return EnvironmentView(
      environment: stage, live: history[0], holder: DeployTaskView(try build(4), task: ship, since: Self.time),
      waiting: [DeployTaskView(try build(5), task: ship, since: Self.time)],
      unapproved: [DeployTaskView(try build(6), task: ship, since: Self.time)],
      paused: PauseView(.environment(stage), Pause(by: "ada", at: Self.time, reason: "busy")), history: history)
  }

  private func gates(_ names: String...) throws -> BuildView {
    var view = try BuildFixture.view(tasks: names.map { ($0, .waiting, nil) })
    let stage = try DeployTarget("stage")
    for index in view.tasks.indices {
      view.tasks[index].deploy = TaskDeployView(
        stage, EnvironmentPlace(.unapproved, at: stage, since: Self.time), nil)
    }
    return view
  }

  @Test func `an environment is shown with what waits, how to let it in, and its history`() async throws {
    let view = try environment()
    let server = try ScriptedServer { _, _ in .json(view) }
    defer { server.stop() }
    let run = await CommandRun(["environment", "show", "stage", "--limit", "7"], on: server)
    #expect(run.status == .good && server.requests.first?.target == "/api/v1/environments/stage?limit=7")
    for piece in [
      "stage: shop/3 is live\n", "paused by ada since", ": busy\n", "held by task ship of shop/4 since",
      "waiting: task ship of shop/5 since",
      "'distci environment approve shop/6/ship'; to reject: 'distci build cancel shop/6'",
      "rollback to shop/1 by bob", "0123456789ab", "ann",
    ] {
      #expect(run.text.contains(piece), "\(piece): \(run.text)")
    }
    #expect(!run.text.contains("\u{1B}[31mx"))
    let json = await CommandRun(["environment", "show", "stage", "--json"], on: server)
    #expect(try JSONBytes.decode(EnvironmentView.self, from: json.output) == view)
    let list = try ScriptedServer { _, _ in .json([view]) }
    defer { list.stop() }
    let listed = await CommandRun(["environment", "list"], on: list)
    #expect(listed.status == .good && listed.text.contains("stage") && listed.text.contains("by ada"))
  }

  @Test func `a task is approved by its name, or as the only one that waits for it`() async throws {
    let view = try gates("ship")
    let server = try ScriptedServer { _, _ in .json(view) }
    defer { server.stop() }
    for target in ["library/12/ship", "library/12"] {
      let run = await CommandRun(["environment", "approve", target, "--by", "ann"], on: server)
      #expect(run.status == .good && run.text == "library/12/ship: approved by ann\n")
      let request = try #require(server.requests.last)
      #expect(request.method == "POST" && request.target == "/api/v1/jobs/library/builds/12/tasks/ship/approve")
      #expect(try JSONBytes.decode([String: String].self, from: request.body) == ["by": "ann"])
    }
  }

  @Test func `who waits for a build or looks at it is told that it waits for approval`() async throws {
    let before = try BuildFixture.view(tasks: [("ship", .waiting, nil)])
    var view = try gates("ship")
    #expect(BuildProgress.changes(from: before, to: view).first?.contains("approve that it deploys to stage") ?? false)
    #expect(BuildProgress.changes(from: view, to: view).isEmpty)
    #expect(BuildProgress.line(view, now: Self.time).hasSuffix("  waiting for approval: ship"))
    let server = try ScriptedServer { [view] _, _ in .json(view) }
    defer { server.stop() }
    let shown = await CommandRun(["build", "show", "library/12"], on: server)
    #expect(shown.text.contains("'distci environment approve library/12/ship'"))
    view.tasks[0].deploy?.approvedBy = "ann"
    view.tasks[0].deploy?.status = .waits
    #expect(BuildProgress.line(view, now: Self.time).hasSuffix("0 of 1 tasks"))
    #expect(BuildProgress.changes(from: nil, to: view) == ["library/12 ship: waits to deploy to stage"])
  }

  @Test func `of several gates one has to be named, and none is no reason to guess`() async throws {
    for (view, piece) in [
      (try gates("eu", "us"), "library/12/eu, library/12/us"), (try gates(), "no task of library/12"),
    ] {
      let server = try ScriptedServer { _, _ in .json(view) }
      defer { server.stop() }
      let run = await CommandRun(["environment", "approve", "library/12"], on: server)
      #expect(run.status == .failed && run.errors.contains(piece), "\(run.errors)")
      #expect(server.requests.allSatisfy { $0.method != "POST" })
    }
  }

  @Test(
    arguments: [
      (["--to", "shop/1"], ["job": "shop", "build": "1", "by": "bob"]), ([], ["by": "bob"]),
    ] as [([String], [String: String])])
  func `a rollback names the build, or goes to the one before`(_ more: [String], body: [String: String]) async throws {
    var view = try BuildFixture.view(tasks: [])
    view.cause = CauseView(
      .rollback(
        Rollback(environment: try DeployTarget("stage"), to: BuildID(job: try JobName("shop"), number: 1), by: "bob")))
    let server = try ScriptedServer { [view] _, _ in .json(view, status: 201) }
    defer { server.stop() }
    let run = await CommandRun(["environment", "rollback", "stage", "--by", "bob"] + more, on: server)
    #expect(run.status == .good && run.text == "library/12: started, to roll back stage to shop/1\n")
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request.target == "/api/v1/environments/stage/rollback")
    #expect(request.headers["idempotency-key"]?.isEmpty == false)
    let sent = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
    #expect(sent.mapValues { "\($0)" } == body)
  }
}
