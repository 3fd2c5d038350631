import Foundation
import Model

/// One function for each route of the API.
extension ServerClient {
  /// - Parameter text: the job file as it was written.
  func apply(_ job: JobName, text: [UInt8]) async throws -> JobView {
    var request = ServerRequest(.put, "jobs", job.rawValue)
    request.body = text
    return try await get(request)
  }

  func job(_ job: JobName) async throws -> JobView { try await get(ServerRequest(.get, "jobs", job.rawValue)) }

  /// - Returns: the job as a version 1 job file.
  func file(of job: JobName) async throws -> [UInt8] {
    try await send(ServerRequest(.get, "jobs", job.rawValue, "file"))
  }

  func delete(_ job: JobName) async throws {
    _ = try await send(ServerRequest(.delete, "jobs", job.rawValue))
  }

  /// - Returns: jobs in the order of their names, `limit` at most.
  func jobs(limit: Int) async throws -> [JobView] {
    try await pages(limit: limit) { (last: JobView?) in
      var request = ServerRequest(.get, "jobs")
      request.query = last.map { [("after", $0.job.rawValue)] } ?? []
      return request
    }
  }

  /// - Returns: builds of a job, newest first, `limit` at most.
  func builds(of job: JobName, limit: Int) async throws -> [BuildSummary] {
    try await pages(limit: limit) { (last: BuildSummary?) in
      var request = ServerRequest(.get, "jobs", job.rawValue, "builds")
      request.query = last.map { [("before", String($0.build))] } ?? []
      return request
    }
  }

  /// Starts a build, once however often the request has to be sent.
  func start(_ job: JobName, parameters: [String: String], by who: String) async throws -> BuildView {
    struct Body: Encodable {
      var parameters: [String: String]
      var by: String
    }
    var request = ServerRequest(.post, "jobs", job.rawValue, "builds")
    request.body = try JSONBytes.encode(Body(parameters: parameters, by: who))
    request.headers["Idempotency-Key"] = UUID().uuidString
    return try await get(request)
  }

  /// Tells of a push; the same again does nothing.
  func tell(_ push: LocalPush) async throws -> [PushView] {
    var request = ServerRequest(.post, "pushes")
    request.body = try JSONBytes.encode(push)
    return try await get(request)
  }

  func build(_ build: BuildID) async throws -> BuildView { try await get(request(.get, build)) }

  /// Waits for the end of a build, through outages of the server.
  ///
  /// - Parameter seconds: how long to wait before it is shown as it is; 60 at most.
  func build(
    _ build: BuildID, wait seconds: Int, notice: (CommandFailure) async throws -> Void
  ) async throws -> BuildView {
    var request = request(.get, build)
    request.query = [("wait", String(seconds))]
    request.patience = seconds + 15
    return try decode(BuildView.self, from: try await send(request, insist: true, notice: notice))
  }

  func explanation(of build: BuildID) async throws -> ExplanationView {
    try await get(request(.get, build, "explanation"))
  }

  func cancel(_ build: BuildID, by who: String) async throws -> BuildView {
    var request = request(.post, build, "cancel")
    request.body = try JSONBytes.encode(["by": who])
    return try await get(request)
  }

  func artifacts(of build: BuildID) async throws -> [ArtifactView] {
    try await get(request(.get, build, "artifacts"))
  }

  func artifact(_ path: String, of build: BuildID, from offset: Int) -> ServerRequest {
    var request = request(.get, build, "artifacts")
    request.path += path.split(separator: "/").map(String.init)
    if offset > 0 { request.headers["Range"] = "bytes=\(offset)-" }
    return request
  }

  func log(_ target: LogTarget, from offset: Int, follow: Bool) -> ServerRequest {
    var request = request(.get, target.build)
    if let task = target.task { request.path += ["tasks", task.rawValue] }
    request.path.append("log")
    request.query = (follow ? [("follow", nil)] : []) + (offset > 0 ? [("offset", String(offset))] : [])
    // A log may be silent for long; when it is too long for the connection, the next one goes on.
    request.patience = follow ? 300 : 60
    return request
  }

  func workers() async throws -> [WorkerView] { try await get(ServerRequest(.get, "workers")) }

  func queue() async throws -> [QueuedTicketView] { try await get(ServerRequest(.get, "queue")) }

  func pause(_ subject: PauseSubject, by who: String, reason: String?) async throws -> PauseView {
    var request = request(.put, subject)
    request.body = try JSONBytes.encode(["by": who, "reason": reason].compactMapValues(\.self))
    return try await get(request)
  }

  func resume(_ subject: PauseSubject) async throws { _ = try await send(request(.delete, subject)) }

  func pauses() async throws -> [PauseView] { try await get(ServerRequest(.get, "pauses")) }

  func drain(_ worker: String, by who: String) async throws -> WorkerView {
    var request = ServerRequest(.post, "workers", worker, "drain")
    request.body = try JSONBytes.encode(["by": who])
    return try await get(request)
  }

  private func request(_ method: ServerRequest.Method, _ subject: PauseSubject) -> ServerRequest {
    switch subject {
    case .job(let job): ServerRequest(method, "jobs", job.rawValue, "pause")
    case .label(let label): ServerRequest(method, "labels", label.rawValue, "pause")
    case .environment(let environment): ServerRequest(method, "environments", environment.rawValue, "pause")
    }
  }

  func scale() async throws -> [ScaleView] { try await get(ServerRequest(.get, "scale")) }

  func setScale(of queue: QueueClass, to scale: ScaleRequest) async throws -> ScaleView {
    let labels = queue.labels.isEmpty ? "-" : queue.labels.map(\.rawValue).joined(separator: "+")
    var request = ServerRequest(.put, "scale", queue.kind.rawValue, labels)
    request.body = try JSONBytes.encode(scale)
    return try await get(request)
  }

  func pools() async throws -> [PoolView] { try await get(ServerRequest(.get, "pools")) }

  func request(_ method: ServerRequest.Method, _ build: BuildID, _ more: String...) -> ServerRequest {
    var request = ServerRequest(method, "jobs", build.job.rawValue, "builds", String(build.number))
    request.path += more
    return request
  }

  /// Asks for one page after the other until there are no more, or enough.
  func pages<Entry: Decodable>(
    limit: Int, _ page: (Entry?) -> ServerRequest
  ) async throws -> [Entry] {
    var entries: [Entry] = []
    while entries.count < limit {
      var request = page(entries.last)
      let asked = min(limit - entries.count, Self.pageSize)
      request.query.insert(("limit", String(asked)), at: 0)
      let more = try await get(request, as: [Entry].self)
      entries += more
      if more.count < asked { break }
    }
    return entries
  }

  private static let pageSize = 500
}
