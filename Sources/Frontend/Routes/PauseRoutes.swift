import Hummingbird
import Model
import SharedRepository

/// Jobs and labels that take a rest, and workers that take no more tickets. Asking twice does the same as once.
enum PauseRoutes {
  static let routes = [
    Route(.get, "/api/v1/pauses", .read) { call in
      try Reply.json(try await call.repository().pauses().map(PauseView.init))
    },
    Route(.put, "/api/v1/jobs/{job}/pause", .write) { call in try await pause(.job(call.job()), call) },
    Route(.delete, "/api/v1/jobs/{job}/pause", .write) { call in
      let job = try call.job()
      _ = try await call.repository().shownJob(job)
      return try await resume(.job(job), call)
    },
    Route(.put, "/api/v1/labels/{label}/pause", .write) { call in
      try await pause(.label(Label(call.parameter("label"))), call)
    },
    Route(.delete, "/api/v1/labels/{label}/pause", .write) { call in
      try await resume(.label(Label(call.parameter("label"))), call)
    },
    Route(.post, "/api/v1/workers/{worker}/drain", .write, drain),
  ]

  private struct Body: Decodable {
    var by: String?
    var reason: String?
  }

  static func pause(_ subject: PauseSubject, _ call: Call) async throws -> Response {
    let body = try await call.json(Body.self, keys: ["by", "reason"])
    let pause = try await call.repository().pause(subject, by: call.user(body?.by), reason: body?.reason)
    return try Reply.json(PauseView(subject, pause))
  }

  static func resume(_ subject: PauseSubject, _ call: Call) async throws -> Response {
    try await call.repository().resume(subject)
    return Response(status: .noContent)
  }

  @Sendable private static func drain(_ call: Call) async throws -> Response {
    let body = try await call.json(Body.self, keys: ["by"])
    return try Reply.json(
      try await call.repository().drain(call.parameter("worker"), by: call.user(body?.by)), .accepted)
  }
}
