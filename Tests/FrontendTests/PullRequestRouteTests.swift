import Foundation
import Model
import SharedRepository
import Testing

@Suite struct PullRequestRouteTests {
  private static let path = "/api/v1/pull-requests"

  private func define(_ place: Place, forks: String = "approve") async throws -> JobName {
    try await place.define(
      "library",
      #"""
      {"job": "library", "triggers": [{"on": "pull-request", "repository": "octo/library", "branches": ["main"],
        "forks": "\#(forks)"}], "tasks": [{"name": "test", "type": "execute-shell", "script": "true"}]}
      """#)
  }

  private func deliver(
    _ request: PullRequest, _ place: Place, delivery: String = UUID().uuidString
  ) async throws -> Answer {
    try await place.server.deliver(request.json, event: "pull_request", delivery: delivery)
  }

  @Test func whatIsToBeMergedIsBuiltUntilItIsClosed() async throws {
    try await Place.with { place in
      let job = try await define(place)
      for action in ["opened", "synchronize", "synchronized", "reopened", "ready_for_review"] {
        let answer = try await deliver(PullRequest(action: action), place)
        #expect(answer.status == 200, "\(action): \(answer.text)")
      }
      #expect(try await place.builds(of: job).count == 5)
      // A second hook tells of the same, with a number of its own.
      #expect(try await deliver(PullRequest(), place).json(Taken.self).repeat)
      for (action, base) in [("labeled", "main"), ("edited", "main"), ("opened", "topic")] {
        let answer = try await deliver(PullRequest(action: action, base: base), place)
        #expect(answer.status == 202 && answer.text.contains("reason"), "\(action): \(answer.text)")
      }
      #expect(try await place.builds(of: job).count == 5)
      let cause = try await place.repository.build(BuildID(job: job, number: 1)).cause
      #expect(cause.ref == "refs/pull/7/head" && cause.pullRequest?.fork == false)
      let closed = try await deliver(PullRequest(action: "closed"), place)
      #expect(closed.status == 200 && closed.text.contains(#""cancelled""#) && closed.text.contains("are cancelled"))
    }
  }

  /// Whose repository the head is in decides, and nothing that somebody can claim.
  @Test(arguments: ["eve/library", "octo/library2", nil]) func whatIsOfAForkWaits(head: String?) async throws {
    try await Place.with { place in
      let job = try await define(place)
      let request = PullRequest(head: head, branch: "main")
      let answer = try await deliver(request, place)
      #expect(
        answer.status == 202
          && answer.text.contains("distci pull-request approve octo/library 7 --commit \(request.commit)"))
      #expect(try await place.builds(of: job).isEmpty)
      for query in ["", "?repository=Octo/Library"] {
        let listed = try await place.server.send("GET", Self.path + query).json([PendingPullRequestView].self)
        #expect(listed.map(\.number) == [7] && listed.first?.commit == request.commit)
      }
      #expect(
        try await place.server.send("GET", Self.path + "?repository=a/b").json([PendingPullRequestView].self) == [])
      let approve = Self.path + "/octo/library/7/approve"
      let body = #"{"commit": "\#(request.commit)", "by": "ann"}"#
      for status in [201, 200] {
        let approved = try await place.server.send("POST", approve, body: body)
        #expect(approved.status == status, "\(approved.text)")
        let view = try approved.json(ApprovedPullRequestView.self)
        #expect(view.approvedBy == "ann" && view.started.map(\.build) == [1] && view.isRepeat == (status == 200))
      }
      let moved = PullRequest(action: "synchronize", head: head, commit: String(repeating: "c", count: 40))
      #expect(try await deliver(moved, place).status == 202)
      let late = try await place.server.send("POST", approve, body: body)
      #expect(late.status == 409 && late.text.contains("cccccccccccc"))
      #expect(try await place.builds(of: job).count == 1)
    }
  }

  @Test(arguments: [
    ("GET", "?repository=octo", "", 400), ("POST", "/octo/library/7/approve", "", 400),
    ("POST", "/octo/library/7/approve", #"{"commit": "abc"}"#, 422),
    ("POST", "/octo/library/7/approve", #"{"commit": "abcdef0"}"#, 422),
    ("POST", "/octo/library/7/approve", #"{"commit": "abcdef0123456789abcdef0123456789abcdef01"}"#, 404),
    ("POST", "/octo/library/0/approve", #"{"commit": "abcdef0"}"#, 400),
    ("POST", "/octo/a%2fb/7/approve", #"{"commit": "abcdef0"}"#, 400),
    ("POST", "/octo/library/7/approve", #"{"comit": "abcdef0"}"#, 422),
  ])
  func whatMakesNoSenseIsRefused(method: String, path: String, body: String, status: Int) async throws {
    try await Place.with { place in
      let answer = try await place.server.send(method, Self.path + path, body: body)
      #expect(answer.status == status, "\(answer.text)")
      #expect(try answer.json(ErrorView.self).remedy.isEmpty == false)
    }
  }

  @Test func aPageOfAnotherSiteApprovesNothing() async throws {
    try await Place.with { place in
      let path = Self.path + "/octo/library/7/approve"
      let answer = try await place.server.send("POST", path, ["Origin": "https://evil.example"])
      #expect(answer.status == 403)
    }
  }

  @Test(arguments: [
    "{}", "[", PullRequest(branch: "a b").json, PullRequest(branch: "a..b").json, PullRequest(branch: "a\nb").json,
    PullRequest(branch: "").json, PullRequest(commit: "x").json,
    PullRequest(commit: String(repeating: "0", count: 40)).json,
    PullRequest(base: "main\0").json, PullRequest(number: 0).json, PullRequest(number: -1).json,
    PullRequest(repository: "octo/../library").json, PullRequest(repository: "library").json,
    PullRequest(head: nil, baseRepository: "eve/library").json,
    PullRequest(updated: String(repeating: "1", count: 100)).json,
  ])
  func whatNoForgeSendsStartsNothing(body: String) async throws {
    try await Place.with { place in
      let job = try await define(place, forks: "build")
      let answer = try await place.server.deliver(body, event: "pull_request")
      #expect([400, 422].contains(answer.status), "\(answer.text)")
      #expect(try await place.builds(of: job).isEmpty)
    }
  }
}
