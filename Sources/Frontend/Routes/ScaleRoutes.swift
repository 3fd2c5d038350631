import Coordination
import Hummingbird
import Model
import SharedRepository

/// How many slots are wanted, and who runs them. A class of slots is a kind of task and a set of labels: `linux+x86`, or `-`
/// for none.
enum ScaleRoutes {
  static let routes = [
    Route(.get, "/api/v1/scale", .read) { call in
      try Reply.json(try await call.repository().scale())
    },
    Route(.get, "/api/v1/scale/{kind}/{labels}", .read) { call in
      try Reply.json(try await call.repository().scale(of: call.queueClass()))
    },
    Route(.put, "/api/v1/scale/{kind}/{labels}", .write, set),
    Route(.get, "/api/v1/pools", .read) { call in
      try Reply.json(try await call.repository().pools())
    },
  ]

  /// Takes `{"wanted": 8}`, or `{"min": 1, "max": 8, "targetWait": "30s"}`.
  @Sendable private static func set(_ call: Call) async throws -> Response {
    let queue = try call.queueClass()
    guard let request = try await call.json(ScaleRequest.self, keys: ScaleRequest.keys) else {
      throw RequestError.invalid("the body is empty", remedy: #"send {"wanted": 8}, or {"min": 1, "max": 8}"#)
    }
    return try Reply.json(try await call.repository().setScale(of: queue, to: request))
  }
}

extension Call {
  /// The class of slots that the path names.
  fileprivate func queueClass() throws -> QueueClass {
    let text = try parameter("kind")
    guard let kind = TaskKind(rawValue: text) else {
      let known = TaskKind.allCases.map(\.rawValue)
      throw RequestError.invalid(
        "'\(text.prefix(100))' is no kind of task",
        remedy: Suggestion.nearest(to: text, among: known).map { "did you mean '\($0)'?" }
          ?? "write \(known.joined(separator: ", "))")
    }
    let labels = try parameter("labels")
    let names = labels == "-" ? [] : labels.split(separator: "+", omittingEmptySubsequences: false)
    return QueueClass(kind: kind, labels: try names.map { try Label(String($0)) })
  }
}
