import Crypto
import Hummingbird
import Model
import SharedRepository

enum BuildRoutes {
  static let routes = [
    Route(.post, "/api/v1/jobs/{job}/builds", .write, start),
    Route(.get, "/api/v1/jobs/{job}/builds", .read, list),
    Route(.get, "/api/v1/jobs/{job}/builds/{build}", .read, show),
    Route(.get, "/api/v1/jobs/{job}/builds/{build}/explanation", .read) { call in
      try Reply.json(try await call.repository().explanation(of: call.build()))
    },
    Route(.post, "/api/v1/jobs/{job}/builds/{build}/cancel", .write, cancel),
  ]

  private struct StartBody: Decodable {
    var parameters: [String: ParameterText]?
    var by: String?
  }

  private struct CancelBody: Decodable {
    var by: String?
  }

  /// Answers 201 once the build is durable; 200 with the same build where the `Idempotency-Key` came before.
  @Sendable private static func start(_ call: Call) async throws -> Response {
    let job = try call.job()
    let body = try await call.json(StartBody.self, keys: ["parameters", "by"])
    let request = StartRequest(
      job: job, parameters: (body?.parameters ?? [:]).mapValues(\.text), cause: .asked(by: call.user(body?.by)))
    let delivery = try key(of: call).map { Delivery(lasting: ["request:\(job):\($0)"]) }
    let repository = try call.repository()
    let started = try await repository.start([request], delivery: delivery)
    guard let build = started.builds.first else { throw RepositoryError.noJob(job) }
    var response = try Reply.json(try await repository.build(build), started.isRepeat ? .ok : .created)
    response.headers[.location] = "/api/v1/jobs/\(job)/builds/\(build.number)"
    return response
  }

  static func key(of call: Call) throws -> String? {
    guard let key = call.request.headers[.idempotencyKey] else { return nil }
    guard (1...200).contains(key.utf8.count) else {
      throw RequestError.invalid(
        "the Idempotency-Key is empty or too long", remedy: "use 1 to 200 bytes, such as a UUID")
    }
    return key
  }

  /// `limit`, and `before` a build's number.
  @Sendable private static func list(_ call: Call) async throws -> Response {
    let before = try call.number("before", in: 1...9_999_999_999)
    let repository = try call.repository()
    let job = try call.job()
    let builds = try await repository.builds(of: job, before: before, limit: call.limit())
    // A deleted job's builds stay; only a job that never built anything has to be there.
    if builds.isEmpty { _ = try await repository.shownJob(job) }
    return try Reply.json(builds)
  }

  @Sendable private static func cancel(_ call: Call) async throws -> Response {
    let body = try await call.json(CancelBody.self, keys: ["by"])
    let repository = try call.repository()
    let build = try call.build()
    try await repository.cancel(build, by: call.user(body?.by))
    return try Reply.json(try await repository.build(build), .accepted)
  }

  /// `wait=SECONDS` answers when the build has ended, or the time is over. Together with `If-None-Match`, it answers as soon
  /// as the build is not what it was under that tag.
  @Sendable private static func show(_ call: Call) async throws -> Response {
    let build = try call.build()
    let known = call.request.headers[.ifNoneMatch]
    let longest = Int(call.configuration.limits.wait.components.seconds)
    guard let seconds = try call.number("wait", in: 0...longest), seconds > 0 else {
      return try answer(try await call.repository().build(build), known)
    }
    let repository = try call.repository()
    // Reading on tells when the client goes away; that gives the wait up.
    return try await call.request.body.consumeWithCancellationOnInboundClose { _ in
      var response = try await answer(
        wait(for: build, until: .seconds(seconds), known, repository, call.surroundings.clock), known)
      response.headers[.connection] = "close"
      return response
    }
  }

  private static func wait(
    for build: BuildID, until limit: Duration, _ known: String?, _ repository: SharedRepository,
    _ clock: any Clock<Duration>
  ) async throws -> BuildView {
    do {
      return try await clock.withDeadline(limit) {
        for try await view in repository.watchBuild(build) {
          if try view.verdict != nil || (known != nil && known != tag(of: view)) { return view }
        }
        return try await repository.build(build)
      }
    } catch is DeadlineExceeded {
      return try await repository.build(build)
    }
  }

  private static func answer(_ view: BuildView, _ known: String?) throws -> Response {
    let tag = try tag(of: view)
    var response = tag == known ? Response(status: .notModified) : try Reply.json(view)
    response.headers[.eTag] = tag
    return response
  }

  private static func tag(of view: BuildView) throws -> String {
    let digest = SHA256.hash(data: try JSONBytes.encode(view))
    return "\"" + digest.prefix(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
  }
}
