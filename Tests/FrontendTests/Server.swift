import Foundation
import NIOCore
import NIOPosix
import Testing

/// A client that says exactly what a test wants said.
struct Server: Sendable {
  let port: Int

  /// Sends a request and reads the answer to its end.
  func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: String = ""
  ) async throws -> Answer {
    try await send(method, path, headers, bytes: Array(body.utf8))
  }

  func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], bytes body: [UInt8]
  ) async throws -> Answer {
    var headers = ["Host": "127.0.0.1:\(port)", "Connection": "close"].merging(headers) { $1 }
    if !body.isEmpty { headers["Content-Length"] = headers["Content-Length"] ?? String(body.count) }
    let head = "\(method) \(path) HTTP/1.1\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    return try await sendRaw(Array(head.utf8) + body)
  }

  /// Sends bytes and reads until the server closes.
  func sendRaw(_ bytes: [UInt8]) async throws -> Answer {
    try await connected { inbound, outbound in
      try? await outbound.write(ByteBuffer(bytes: bytes))
      var received: [UInt8] = []
      do {
        for try await part in inbound { received += Array(part.readableBytesView) }
      } catch is IOError {}
      return try Answer(received)
    }
  }

  /// Sends a request and calls `body` with what has been received so far, after every part, until it returns `false`; then
  /// closes the connection.
  func stream(_ path: String, _ body: @escaping @Sendable (String) async throws -> Bool) async throws {
    try await connected { inbound, outbound in
      let head = "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n"
      try await outbound.write(ByteBuffer(string: head))
      var received: [UInt8] = []
      for try await part in inbound {
        received += Array(part.readableBytesView)
        guard try await body(String(decoding: received, as: UTF8.self)) else { return }
      }
    }
  }

  private func connected<Result: Sendable>(
    _ body:
      @escaping @Sendable (
        NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>
      ) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in try await body(inbound, outbound) }
  }
}

/// An answer as it came over the wire.
struct Answer: Sendable {
  let status: Int
  /// By lower-case name.
  let headers: [String: String]
  let body: [UInt8]

  init(_ received: [UInt8]) throws {
    let end = try #require(received.firstRange(of: Array("\r\n\r\n".utf8)), "no answer came")
    let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    status = try #require(Int(lines[0].split(separator: " ")[1]))
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    self.headers = headers
    let rest = Array(received[end.upperBound...])
    body = headers["transfer-encoding"] == "chunked" ? Self.unchunked(rest) : rest
  }

  var text: String { String(decoding: body, as: UTF8.self) }

  func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(body))
  }

  private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    var rest = bytes[...]
    while let line = rest.firstRange(of: Array("\r\n".utf8)),
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), size > 0
    {
      body += rest[line.upperBound...].prefix(size)
      rest = rest[line.upperBound...].dropFirst(size + 2)
    }
    return body
  }
}
