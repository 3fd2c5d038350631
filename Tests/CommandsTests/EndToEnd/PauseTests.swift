import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct PauseTests {
  private static let pause = Pause(by: "ada", at: Timestamp(milliseconds: 1_700_000_000_000), reason: "moving")

  @Test(arguments: [
    (["job", "pause", "library", "--by", "ada", "--reason", "moving"], "/api/v1/jobs/library/pause"),
    (["label", "pause", "linux", "--by", "ada", "--reason", "moving"], "/api/v1/labels/linux/pause"),
    (["environment", "pause", "stage", "--by", "ada", "--reason", "moving"], "/api/v1/environments/stage/pause"),
  ])
  func `pausing says who and why`(_ arguments: [String], _ target: String) async throws {
    let view = PauseView(.job(try JobName("library")), Self.pause)
    let server = try ScriptedServer { _, _ in .json(view) }
    defer { server.stop() }
    let run = await CommandRun(arguments, on: server)
    #expect(run.status == .good)
    #expect(run.text == "\(arguments[2]): paused\n")
    let request = try #require(server.requests.first)
    #expect(request.method == "PUT" && request.target == target)
    #expect(
      try JSONBytes.decode([String: String].self, from: request.body) == ["by": "ada", "reason": "moving"])
  }

  @Test(arguments: [
    (["job", "resume", "library"], "/api/v1/jobs/library/pause"),
    (["label", "resume", "linux"], "/api/v1/labels/linux/pause"),
    (["environment", "resume", "stage"], "/api/v1/environments/stage/pause"),
  ])
  func `resuming removes the pause`(_ arguments: [String], _ target: String) async throws {
    let server = try ScriptedServer { _, _ in .whole(status: 204, []) }
    defer { server.stop() }
    let run = await CommandRun(arguments, on: server)
    #expect(run.status == .good && run.text == "\(arguments[2]): resumed\n")
    let forMachines = await CommandRun(arguments + ["--json"], on: server)
    #expect(
      try JSONBytes.decode([String: String].self, from: Array(forMachines.text.utf8)) == ["resumed": arguments[2]])
    #expect(server.requests.map(\.method) == ["DELETE", "DELETE"])
    #expect(server.requests.map(\.target) == [target, target])
  }

  @Test func `an explanation is a line for the build and one for each task`() async throws {
    let now = Timestamp(milliseconds: 1_700_000_000_000)
    let explanation = Explanation(
      build: .jobPaused(Self.pause),
      tasks: [
        .init(try TaskName("test"), .jobPaused(Self.pause)), .init(try TaskName("a"), .handingOver),
      ])
    let view = ExplanationView(BuildID(job: try JobName("library"), number: 12), explanation, verdict: nil, at: now)
    let server = try ScriptedServer { _, _ in .json(view) }
    defer { server.stop() }
    let run = await CommandRun(["build", "explain", "library/12"], on: server)
    #expect(server.requests.first?.target == "/api/v1/jobs/library/builds/12/explanation")
    #expect(
      run.text == """
        library/12: the job is paused since 22:13 UTC by ada: moving
          test  the job is paused since 22:13 UTC by ada: moving
          a     a slot that can take it is free; it is about to be handed over

        """)
    let forMachines = await CommandRun(["build", "explain", "library/12", "--json"], on: server)
    #expect(try JSONBytes.decode(ExplanationView.self, from: forMachines.output) == view)
  }

  @Test func `an explanation of an ended build says how it ended`() async throws {
    let view = ExplanationView(
      BuildID(job: try JobName("library"), number: 12), Explanation(), verdict: .failed,
      at: Timestamp(milliseconds: 0))
    let server = try ScriptedServer { _, _ in .json(view) }
    defer { server.stop() }
    let run = await CommandRun(["build", "explain", "library/12"], on: server)
    #expect(run.text == "library/12: failed; nothing of it waits\n")
  }
}
