import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct TestTests {
  private static let name = "tests/a.t.one \u{1B}[31m"

  private static func builds() throws -> [Model.BuildTests] {
    try [TestOutcome.passed, .failed].enumerated().map { age, outcome in
      let result = TestResult(
        name: name, outcome: outcome, milliseconds: 1_500, message: outcome == .failed ? "no\u{7}luck" : nil)
      return Model.BuildTests(
        build: 2 - age, commit: "c0ffee", finished: .now,
        runs: [TestRun(task: try TaskName("suite"), attempt: 1, result: result)])
    }
  }

  private func server() throws -> ScriptedServer {
    let history = try #require(TestHistory.all(in: try Self.builds()).first)
    let view = try #require(TestView(history, TestSpan(builds: 2, leftOut: 1)))
    return try ScriptedServer { request, _ in
      request.target.contains("/tests/") ? .json(view) : .json([view.summary])
    }
  }

  @Test func `tests are listed with what became of them`() async throws {
    let server = try server()
    defer { server.stop() }
    let run = await CommandRun(["test", "list", "library", "--flaky"], on: server)
    #expect(run.status == .good)
    let rows = run.text.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
    #expect(rows[0].joined(separator: " ") == "TEST LAST BUILD RUNS FAILED FLAKY MEDIAN TREND")
    #expect(rows[1].suffix(8).joined(separator: " ") == "passed 2 2 1 flaky 1 s -")
    #expect(!run.text.contains("\u{1B}"))
    #expect(server.requests.map(\.target) == ["/api/v1/jobs/library/tests?limit=500&flaky"])
    let json = await CommandRun(["test", "list", "library", "--json"], on: server)
    #expect(try JSONDecoder().decode([TestSummaryView].self, from: Data(json.text.utf8)).map(\.flaky) == [true])
  }

  @Test func `a test is shown build by build, whatever its name holds`() async throws {
    let server = try server()
    defer { server.stop() }
    let run = await CommandRun(["test", "show", "library", "a/b?c"], on: server)
    #expect(run.status == .good)
    #expect(run.text.contains("2 runs, 1 failed\ntakes 1 s\nflaky: passed as well as failed with c0ffee\n"))
    #expect(run.text.contains("of the 2 newest builds with results; 1 older ones are left out"))
    #expect(run.text.contains("failed") && !run.text.contains("\u{1B}") && !run.text.contains("\u{7}"))
    #expect(server.requests.map(\.target) == ["/api/v1/jobs/library/tests/a%2Fb%3Fc"])
    let json = await CommandRun(["test", "show", "library", "x", "--json"], on: server)
    #expect(try JSONDecoder().decode(TestView.self, from: Data(json.text.utf8)).results.count == 2)
  }
}
