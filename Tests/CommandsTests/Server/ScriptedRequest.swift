/// A request as it arrived.
struct ScriptedRequest: Hashable, Sendable {
  var method: String
  /// Path and query.
  var target: String
  /// By lower-case name.
  var headers: [String: String]
  var body: [UInt8]

  /// Reads one request.
  ///
  /// - Returns: `nil` when the connection ends before it does.
  init?(from socket: Int32) {
    var bytes: [UInt8] = []
    var head: [Substring]?
    while head == nil {
      let part = Sockets.read(socket)
      guard !part.isEmpty else { return nil }
      bytes += part
      head = Self.head(&bytes)
    }
    let first = head?.first?.split(separator: " ") ?? []
    guard let head, first.count == 3 else { return nil }
    method = String(first[0])
    target = String(first[1])
    headers = Dictionary(
      head.dropFirst().compactMap { line in
        line.firstIndex(of: ":").map {
          (line[..<$0].lowercased(), String(line[line.index(after: $0)...].drop { $0 == " " }))
        }
      }, uniquingKeysWith: { first, _ in first })
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while bytes.count < length {
      let part = Sockets.read(socket)
      guard !part.isEmpty else { return nil }
      bytes += part
    }
    body = bytes
  }

  /// Takes the head out of the bytes once it is complete.
  private static func head(_ bytes: inout [UInt8]) -> [Substring]? {
    let end = Array("\r\n\r\n".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
    let text = String(decoding: bytes[..<start], as: UTF8.self)
    bytes.removeFirst(start + end.count)
    return text.split(separator: "\r\n")
  }
}
