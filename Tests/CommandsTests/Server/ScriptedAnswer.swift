import Model

/// What a server of a test does with a request.
enum ScriptedAnswer: Sendable {
  case whole(status: Int, [UInt8])
  /// Announces more than it sends, then closes the connection.
  case cut(status: Int, [UInt8], of: Int)
  /// Without an announced length; the end is marked, or the connection just ends.
  case chunked([UInt8], complete: Bool)
  /// Closes the connection without a word.
  case nothing
  /// Says nothing until the server is stopped.
  case silence

  static func json(_ value: some Encodable, status: Int = 200) -> ScriptedAnswer {
    .whole(status: status, (try? JSONBytes.encode(value)) ?? [])
  }

  /// The bytes to send before the connection is closed; `nil` to keep it open.
  var bytes: [UInt8]? {
    switch self {
    case .whole(let status, let body): Self.head(status, "Content-Length: \(body.count)") + body
    case .cut(let status, let body, let size): Self.head(status, "Content-Length: \(size)") + body
    case .chunked(let body, let complete):
      Self.head(200, "Transfer-Encoding: chunked") + Array("\(String(body.count, radix: 16))\r\n".utf8) + body
        + Array((complete ? "\r\n0\r\n\r\n" : "\r\n").utf8)
    case .nothing: []
    case .silence: nil
    }
  }

  private static func head(_ status: Int, _ length: String) -> [UInt8] {
    Array("HTTP/1.1 \(status) Scripted\r\n\(length)\r\nConnection: close\r\n\r\n".utf8)
  }
}
