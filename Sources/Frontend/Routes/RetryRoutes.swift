import Hummingbird
import Model
import SharedRepository

/// Doing tasks of an ended build once more.
enum RetryRoutes {
  static let routes = [Route(.post, "/api/v1/jobs/{job}/builds/{build}/retry", .write, retry)]

  private struct Body: Decodable {
    /// `failed` or `all`.
    var scope: String?
    var task: String?
    var from: String?
    var by: String?
  }

  /// Answers 201 once the build is durable; 200 with the same build where the `Idempotency-Key` came before.
  @Sendable private static func retry(_ call: Call) async throws -> Response {
    let body = try await call.json(Body.self, keys: ["scope", "task", "from", "by"])
    let (earlier, scope) = (try call.build(), try scope(body))
    let delivery = try BuildRoutes.key(of: call).map { Delivery(lasting: ["retry:\(earlier):\($0)"]) }
    let repository = try call.repository()
    let started = try await repository.retry(earlier, scope, by: call.user(body?.by), delivery: delivery)
    guard let build = started.builds.first else { throw RepositoryError.noBuild(earlier) }
    var response = try Reply.json(try await repository.build(build), started.isRepeat ? .ok : .created)
    response.headers[.location] = "/api/v1/jobs/\(build.job)/builds/\(build.number)"
    return response
  }

  private static func scope(_ body: Body?) throws -> RetryScope {
    switch (body?.scope, body?.task, body?.from) {
    case (nil, nil, nil), ("failed", nil, nil): return .failed
    case ("all", nil, nil): return .all
    case (nil, let task?, nil): return .task(try TaskName(task))
    case (nil, nil, let from?): return .from(try TaskName(from))
    default:
      throw RequestError.invalid(
        "what to do once more is not clear",
        remedy: "give one of 'scope' (\"failed\" or \"all\"), 'task' and 'from'; without them it is what failed")
    }
  }
}
