import HTTPTypes
import Model

/// A request that is refused for what it is.
struct RequestError: Error, Sendable {
  var status: HTTPResponse.Status
  var view: ErrorView
  var headers: HTTPFields = [:]

  init(_ status: HTTPResponse.Status, _ code: String, _ message: String, remedy: String, headers: HTTPFields = [:]) {
    self.status = status
    view = ErrorView(code: code, message: message, remedy: remedy)
    self.headers = headers
  }

  static func invalid(_ message: String, remedy: String) -> RequestError {
    RequestError(.badRequest, "invalid", message, remedy: remedy)
  }

  static func bodyTooLarge(_ limit: Int) -> RequestError {
    RequestError(
      .contentTooLarge, "too-large", "the body has more than \(limit) bytes", remedy: "send less",
      headers: [.connection: "close"])
  }

  static let busy = RequestError(
    .serviceUnavailable, "unavailable", "too many large requests are under way", remedy: "try again in a moment",
    headers: [.retryAfter: "2", .connection: "close"])

  static let tooSlow = RequestError(
    .requestTimeout, "too-slow", "the body did not come in time", remedy: "send it faster, or send less",
    headers: [.connection: "close"])

  static let malformedBody = RequestError(
    .badRequest, "invalid", "the body is cut off, or is not what HTTP allows", remedy: "send it again",
    headers: [.connection: "close"])

  /// - Parameter nearest: the known key that was probably meant.
  static func unknownKey(_ key: String, nearest: String?, known: [String]) -> RequestError {
    let keys = known.map { "'\($0)'" }.joined(separator: " and ")
    return RequestError(
      .unprocessableContent, "invalid", "the body has the key '\(key.prefix(100))', which this route does not know",
      remedy: nearest.map { "did you mean '\($0)'?" } ?? "it takes \(keys)")
  }

  static func methodNotAllowed(_ method: HTTPRequest.Method, allowed: [String]) -> RequestError {
    RequestError(
      .methodNotAllowed, "method-not-allowed", "\(method.rawValue) is not possible here",
      remedy: "use \(allowed.joined(separator: " or "))", headers: [.allow: allowed.joined(separator: ", ")])
  }
}
