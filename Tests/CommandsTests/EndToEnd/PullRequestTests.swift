import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct PullRequestTests {
  private static let time = Timestamp(milliseconds: 1_700_000_000_000)

  private func pull(approvedBy: String? = nil) -> BuildCause.PullRequest {
    BuildCause.PullRequest(
      repository: "octo/library", number: 7, ref: "refs/pull/7/head", branch: "\u{1B}[31mx",
      commit: "0123456789abcdef0123456789abcdef01234567", base: "main", baseCommit: "ab", isFork: true,
      approvedBy: approvedBy)
  }

  @Test func `those that wait are listed with the commit to look at`() async throws {
    let views = [PendingPullRequestView(pull(), since: Self.time)]
    let server = try ScriptedServer { _, _ in .json(views) }
    defer { server.stop() }
    let run = await CommandRun(["pull-request", "list", "octo/library"], on: server)
    #expect(
      run.status == .good && run.text.contains("octo/library  7       0123456789abcdef0123456789abcdef01234567  "))
    #expect(!run.text.contains("\u{1B}[31mx"))
    #expect(server.requests.first?.target == "/api/v1/pull-requests?repository=octo%2Flibrary")
    let json = await CommandRun(["pull-request", "list", "--json"], on: server)
    #expect(try JSONBytes.decode([PendingPullRequestView].self, from: json.output) == views)
  }

  @Test func `an approval names the commit, and tells what it started`() async throws {
    let build = BuildID(job: try JobName("library"), number: 3)
    let view = ApprovedPullRequestView(
      pull(approvedBy: "ann"), started: [build], isRepeat: false, refused: ["docs: it needs a parameter"])
    let server = try ScriptedServer { _, _ in .json(view) }
    defer { server.stop() }
    let commit = "0123456789abcdef0123456789abcdef01234567"
    let arguments = ["pull-request", "approve", "octo/library", "7", "--commit", commit, "--by", "ann"]
    let run = await CommandRun(arguments, on: server)
    #expect(
      run.text == """
        octo/library#7 at 0123456789ab: approved by ann
        started: library/3
        not built: docs: it needs a parameter

        """)
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request.target == "/api/v1/pull-requests/octo/library/7/approve")
    #expect(try JSONBytes.decode([String: String].self, from: request.body) == ["commit": commit, "by": "ann"])
    let json = await CommandRun(arguments + ["--json"], on: server)
    #expect(try JSONBytes.decode(ApprovedPullRequestView.self, from: json.output) == view)
    let count = server.requests.count
    for wrong in [
      ["octo/library", "7"], ["octo", "7", "--commit", "0123456"], ["octo/library", "x", "--commit", "0"],
    ] {
      #expect(await CommandRun(["pull-request", "approve"] + wrong, on: server).status == .usage)
    }
    #expect(server.requests.count == count)
  }

  @Test func `a build says what is to be merged, and who approved it`() async throws {
    var view = try BuildFixture.view(verdict: .succeeded, tasks: [("test", .ended, .succeeded)])
    for (who, words) in [("ann", "approved by ann"), (nil, "approved by nobody")] {
      view.cause = CauseView(.pullRequest(pull(approvedBy: who)))
      let shown = view
      let server = try ScriptedServer { _, _ in .json(shown) }
      defer { server.stop() }
      let run = await CommandRun(["build", "show", "library/12"], on: server)
      #expect(
        run.text.contains(
          "by pull-request octo/library#7, \u{FFFD}[31mx at 0123456789ab into main, from a fork, \(words)"))
    }
  }
}
