import Model

/// Why a command could not do what it was asked.
package struct CommandFailure: Error, Hashable, Sendable {
  /// By what the caller can do about it.
  package enum Code: String, Hashable, Sendable {
    /// Nobody answers at the server's address.
    case unreachable
    /// The connection was lost after the request was sent.
    case interrupted
    /// The server answers, but cannot work now.
    case unavailable
    /// The server said no.
    case refused
    /// The answer is not one of a DistCI server.
    case notUnderstood = "not-understood"
    /// What arrived is not what was announced.
    case damaged
    /// A local file cannot be read or written.
    case file
    case usage
  }

  package var code: Code
  /// Sentences without their final full stop.
  package var message: String
  package var remedy: String

  package init(_ code: Code, _ message: String, remedy: String) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  /// Whether the same request may well succeed a little later.
  var isPassing: Bool {
    switch code {
    case .unreachable, .interrupted, .unavailable: true
    case .refused, .notUnderstood, .damaged, .file, .usage: false
    }
  }

  /// For people.
  var text: String {
    let message = message.split(separator: "\n").map { TerminalText.line(String($0)) }.joined(separator: "\n")
    return "error: \(message)" + (remedy.isEmpty ? "" : "\n  \(TerminalText.line(remedy))")
  }

  /// For programs, in the form of the API's errors.
  var json: String {
    let view = ErrorView(code: code.rawValue, message: message, remedy: remedy)
    return (try? JSONBytes.encode(view)).map { String(decoding: $0, as: UTF8.self) } ?? text
  }
}
