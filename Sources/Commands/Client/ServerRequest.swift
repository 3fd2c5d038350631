import Foundation
import FoundationNetworking

/// One request to the API.
package struct ServerRequest: Sendable {
  package enum Method: String, Sendable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
  }

  package var method: Method
  /// Below `/api/v1`; encoded one by one.
  package var path: [String]
  /// In this order; a value of `nil` stands for a name alone.
  package var query: [(name: String, value: String?)] = []
  package var body: [UInt8]?
  package var headers: [String: String] = [:]
  /// How long the server may be silent, in seconds.
  package var patience = 60

  package init(_ method: Method, _ path: String...) {
    self.method = method
    self.path = path
  }

  func urlRequest(to server: ServerAddress) throws(CommandFailure) -> URLRequest {
    guard let url = URL(string: "\(server)/api/v1/\(path.map(Self.encoded).joined(separator: "/"))\(queryText)") else {
      throw CommandFailure(.usage, "\(server) is no address to send a request to", remedy: "correct --server")
    }
    var request = URLRequest(url: url)
    // Not by the initializer: the session takes only a limit that was set so for the request's own.
    request.timeoutInterval = Double(patience)
    request.httpMethod = method.rawValue
    request.httpBody = body.map { Data($0) }
    if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    return request
  }

  private var queryText: String {
    guard !query.isEmpty else { return "" }
    return "?"
      + query.map { name, value in
        name + (value.map { "=" + Self.encoded($0) } ?? "")
      }
      .joined(separator: "&")
  }

  /// Percent-encodes everything but RFC 3986's unreserved characters.
  static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      let isDigit = ("0"..."9").contains(scalar)
      let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
      guard !isDigit, !isLetter, !["-", ".", "_", "~"].contains(scalar) else { return String(scalar) }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    .joined()
  }
}
