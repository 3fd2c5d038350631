import Hummingbird
import Model
import SharedRepository

enum JobRoutes {
  static let routes = [
    Route(.get, "/api/v1/jobs", .read, list),
    Route(.get, "/api/v1/jobs/{job}", .read, show),
    Route(.get, "/api/v1/jobs/{job}/file", .read, file),
    Route(.put, "/api/v1/jobs/{job}", .write, apply),
    Route(.delete, "/api/v1/jobs/{job}", .write, delete),
  ]

  /// `limit`, and `after` a job's name.
  @Sendable private static func list(_ call: Call) async throws -> Response {
    let after = try call.query("after").map { name throws(ValidationError) in try JobName(name) }
    return try Reply.json(try await call.repository().jobs(after: after, limit: call.limit()))
  }

  @Sendable private static func show(_ call: Call) async throws -> Response {
    try Reply.json(try await call.repository().jobView(call.job()))
  }

  /// The job file in its canonical form, whatever form it was written in.
  @Sendable private static func file(_ call: Call) async throws -> Response {
    Reply.json(text: Array(try await call.repository().shownJob(call.job()).json.utf8))
  }

  @Sendable private static func apply(_ call: Call) async throws -> Response {
    let name = try call.job()
    let job = try await call.withBody(upTo: JobLimits.bytes) { text in
      try JobFile.parse(text, file: "\(name).json")
    }
    guard job.name == name else {
      throw RequestError(
        .unprocessableContent, "invalid-job", "the address names the job \(name), and its file the job \(job.name)",
        remedy: "use one name in both")
    }
    return try Reply.json(try await call.repository().apply(job))
  }

  @Sendable private static func delete(_ call: Call) async throws -> Response {
    try await call.repository().deleteJob(call.job())
    return Response(status: .noContent)
  }
}
