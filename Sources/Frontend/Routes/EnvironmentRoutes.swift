import Hummingbird
import Model
import SharedRepository

/// What is deployed where, and what waits to be.
enum EnvironmentRoutes {
  static let routes = [
    Route(.get, "/api/v1/environments", .read) { call in
      try Reply.json(try await call.repository().environments())
    },
    Route(.get, "/api/v1/environments/{environment}", .read) { call in
      try Reply.json(try await call.repository().environment(call.environment(), history: call.limit()))
    },
    Route(.put, "/api/v1/environments/{environment}/pause", .write) { call in
      try await PauseRoutes.pause(.environment(call.environment()), call)
    },
    Route(.delete, "/api/v1/environments/{environment}/pause", .write) { call in
      try await PauseRoutes.resume(.environment(call.environment()), call)
    },
    Route(.post, "/api/v1/environments/{environment}/rollback", .write, rollBack),
    Route(.post, "/api/v1/jobs/{job}/builds/{build}/tasks/{task}/approve", .write, approve),
  ]

  private struct RollbackBody: Decodable {
    var job: String?
    var build: Int?
    var by: String?
  }

  private struct ApprovalBody: Decodable {
    var by: String?
  }

  /// Answers 201 once the build is durable; 200 with the same build where the `Idempotency-Key` came before.
  @Sendable private static func rollBack(_ call: Call) async throws -> Response {
    let environment = try call.environment()
    let body = try await call.json(RollbackBody.self, keys: ["job", "build", "by"])
    let target = try target(body)
    let delivery = try BuildRoutes.key(of: call).map { Delivery(lasting: ["rollback:\(environment):\($0)"]) }
    let repository = try call.repository()
    let started = try await repository.rollBack(environment, to: target, by: call.user(body?.by), delivery: delivery)
    guard let build = started.builds.first else {
      throw RequestError.invalid("nothing was started", remedy: "try again")
    }
    var response = try Reply.json(try await repository.build(build), started.isRepeat ? .ok : .created)
    response.headers[.location] = "/api/v1/jobs/\(build.job)/builds/\(build.number)"
    return response
  }

  private static func target(_ body: RollbackBody?) throws -> BuildID? {
    switch (body?.job, body?.build) {
    case (nil, nil): return nil
    case (let job?, let build?): return try BuildID(parsing: "\(job)/\(build)")
    default:
      throw RequestError.invalid(
        "a build has a job and a number", remedy: "give both 'job' and 'build', or none for the one before")
    }
  }

  @Sendable private static func approve(_ call: Call) async throws -> Response {
    let body = try await call.json(ApprovalBody.self, keys: ["by"])
    let (build, task) = (try call.build(), try call.task())
    let repository = try call.repository()
    try await repository.approve(build, task: task, by: call.user(body?.by))
    return try Reply.json(try await repository.build(build), .accepted)
  }
}

extension Call {
  fileprivate func environment() throws -> DeployTarget { try DeployTarget(parameter("environment")) }
}
