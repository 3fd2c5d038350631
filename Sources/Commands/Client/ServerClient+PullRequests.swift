import Foundation
import Model

/// The routes about pull requests.
extension ServerClient {
  /// - Parameter repository: `owner/name`; left out, of all.
  func pullRequests(of repository: String?) async throws -> [PendingPullRequestView] {
    var request = ServerRequest(.get, "pull-requests")
    request.query = repository.map { [("repository", $0)] } ?? []
    return try await get(request)
  }

  /// Approves a commit; again, it starts nothing more.
  ///
  /// - Parameter repository: `owner/name`.
  func approvePullRequest(
    _ repository: String, _ number: Int, commit: String, by who: String
  ) async throws -> ApprovedPullRequestView {
    var request = ServerRequest(.post, "pull-requests")
    request.path += repository.split(separator: "/").map(String.init) + [String(number), "approve"]
    request.body = try JSONBytes.encode(["commit": commit, "by": who])
    return try await get(request)
  }
}
