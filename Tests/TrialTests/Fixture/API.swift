import Foundation
import FoundationNetworking
import Model
import Testing

/// A client of frontends that any of them may leave at any time.
struct API: Sendable {
  struct Answer: Sendable {
    var status: Int
    var body: Data

    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try #require((200..<300).contains(status), "\(status): \(String(decoding: body, as: UTF8.self))")
      return try JSONDecoder().decode(type, from: body)
    }
  }

  private static let session: URLSession = {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = 256
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    return URLSession(configuration: configuration)
  }()

  /// Sends one request.
  ///
  /// - Throws: `URLError` when the frontend cannot be reached, or is lost before it has answered.
  static func send(
    _ method: String, _ url: String, body: Data? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    var request = URLRequest(url: try #require(URL(string: url)), timeoutInterval: 40)
    request.httpMethod = method
    request.httpBody = body
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await session.data(for: request)
    return Answer(status: try #require(response as? HTTPURLResponse).statusCode, body: data)
  }
}
