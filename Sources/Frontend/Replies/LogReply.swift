import Hummingbird
import NIOCore
import SharedRepository

/// Answers that carry a log. It is hostile text: it is plain text to every browser.
enum LogReply {
  private static let headers: HTTPFields = [
    .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .acceptRanges: "bytes",
  ]

  /// - Parameter range: bytes that are there: those before any position never change.
  static func stretch(_ range: Range<Int>, of reader: LogReader, _ status: HTTPResponse.Status) -> Response {
    let body = ResponseBody(contentLength: range.count) { writer in
      var missing = range.count
      do {
        try await reader.read(from: range.lowerBound, pause: {}) { bytes in
          guard missing > 0 else { throw StretchComplete() }
          let wanted = bytes.prefix(missing)
          missing -= wanted.count
          try await writer.write(ByteBuffer(bytes: wanted))
        }
      } catch is StretchComplete {}
      try await writer.finish(nil)
    }
    return Response(status: status, headers: headers, body: body)
  }

  /// All bytes from `offset` on, each as soon as it is there, until the log ends or the client goes away.
  static func following(_ reader: LogReader, from offset: Int, _ call: Call) -> Response {
    let clock = call.surroundings.clock
    let pause = call.configuration.limits.followPause
    let body = ResponseBody { writer in
      // A client that goes away while nothing is written is noticed by reading on.
      try await call.request.body.consumeWithCancellationOnInboundClose { _ in
        try await reader.read(from: offset, follow: true, pause: { try await clock.sleep(for: pause) }) { bytes in
          try await writer.write(ByteBuffer(bytes: bytes))
        }
      }
      try await writer.finish(nil)
    }
    var response = Response(status: .ok, headers: headers, body: body)
    response.headers[.connection] = "close"
    return response
  }

  private struct StretchComplete: Error {}
}
