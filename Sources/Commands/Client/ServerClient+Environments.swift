import Foundation
import Model

/// The routes about environments.
extension ServerClient {
  func environments() async throws -> [EnvironmentView] { try await get(ServerRequest(.get, "environments")) }

  /// - Parameter limit: of its history.
  func environment(_ environment: DeployTarget, limit: Int) async throws -> EnvironmentView {
    var request = ServerRequest(.get, "environments", environment.rawValue)
    request.query = [("limit", String(limit))]
    return try await get(request)
  }

  func approve(_ build: BuildID, task: TaskName, by who: String) async throws -> BuildView {
    var request = request(.post, build, "tasks", task.rawValue, "approve")
    request.body = try JSONBytes.encode(["by": who])
    return try await get(request)
  }

  /// Starts a rollback, once however often the request has to be sent.
  func rollBack(_ environment: DeployTarget, to build: BuildID?, by who: String) async throws -> BuildView {
    struct Body: Encodable {
      var job: String?
      var build: Int?
      var by: String
    }
    var request = ServerRequest(.post, "environments", environment.rawValue, "rollback")
    request.body = try JSONBytes.encode(Body(job: build?.job.rawValue, build: build?.number, by: who))
    request.headers["Idempotency-Key"] = UUID().uuidString
    return try await get(request)
  }
}
