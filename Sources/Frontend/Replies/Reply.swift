import Hummingbird
import Model
import NIOCore

/// The forms that answers have.
enum Reply {
  static func json(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Response {
    json(text: try JSONBytes.encode(value), status)
  }

  static func json(text: [UInt8], _ status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
  }
}
