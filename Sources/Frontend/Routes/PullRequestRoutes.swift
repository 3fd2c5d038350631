import Coordination
import Hummingbird
import Model
import SharedRepository

/// Pull requests from forks: nothing of them runs before somebody has approved the very commit.
enum PullRequestRoutes {
  static let routes = [
    Route(.get, "/api/v1/pull-requests", .read) { call in
      let repository = try call.query("repository").map(forgeName)
      let pending = try await call.repository().pendingPullRequests(of: repository)
      return try Reply.json(pending.map { PendingPullRequestView($0.request, since: $0.since) })
    },
    Route(.post, "/api/v1/pull-requests/{owner}/{name}/{number}/approve", .write, approve),
  ]

  private struct Body: Decodable {
    var commit: String?
    var by: String?
  }

  /// Answers 201 once the builds are durable; 200 where it was approved before.
  @Sendable private static func approve(_ call: Call) async throws -> Response {
    let body = try await call.json(Body.self, keys: ["commit", "by"])
    let name = try forgeName("\(call.parameter("owner"))/\(call.parameter("name"))")
    guard let number = Int(try call.parameter("number")), number > 0 else {
      throw RequestError.invalid("a pull request has a number", remedy: "see 'distci pull-request list'")
    }
    guard let commit = body?.commit else {
      throw RequestError.invalid(
        "an approval is for one commit", remedy: "give 'commit': the head that you looked at, all of its digits")
    }
    let approval = try await call.repository().approvePullRequest(
      name, number, commit: commit, by: call.user(body?.by))
    let view = ApprovedPullRequestView(
      approval.request, started: approval.started.builds, isRepeat: approval.started.isRepeat,
      refused: approval.refused.map { "\($0.job): \($0.message); \($0.remedy)" })
    return try Reply.json(view, approval.started.isRepeat ? .ok : .created)
  }

  private static func forgeName(_ text: String) throws -> String {
    guard RepositoryAddress.isForgeName(text) else {
      throw RequestError.invalid("a repository of a forge is OWNER/NAME", remedy: "see 'distci pull-request list'")
    }
    return text
  }
}
