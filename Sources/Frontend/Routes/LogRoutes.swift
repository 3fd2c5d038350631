import Hummingbird
import SharedRepository

enum LogRoutes {
  static let routes = [
    Route(.get, "/api/v1/jobs/{job}/builds/{build}/log", .read) { call in
      try await answer(call, LogReader(try call.repository(), build: call.build()))
    },
    Route(.get, "/api/v1/jobs/{job}/builds/{build}/tasks/{task}/log", .read) { call in
      try await answer(call, LogReader(try call.repository(), build: call.build(), task: call.task()))
    },
  ]

  /// What there is now, or a `Range` of it; with `follow`, all from `offset` on until the end.
  private static func answer(_ call: Call, _ reader: LogReader) async throws -> Response {
    let offset = try call.number("offset", in: 0...(1 << 50)) ?? 0
    let (size, isComplete) = try await reader.currentLength()
    if call.flag("follow") { return LogReply.following(reader, from: offset, call) }
    guard let range = ByteRange(call.request.headers[.range]) else {
      return LogReply.stretch(min(offset, size)..<size, of: reader, .ok)
    }
    guard let part = range.resolved(in: size) else { throw Self.outside(size) }
    var response = LogReply.stretch(part, of: reader, .partialContent)
    response.headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(isComplete ? "\(size)" : "*")"
    return response
  }

  static func outside(_ size: Int) -> RequestError {
    RequestError(
      .rangeNotSatisfiable, "outside", "there are \(size) bytes, and the range starts after them",
      remedy: "ask for less", headers: [.contentRange: "bytes */\(size)"])
  }
}
