import Crypto
import Foundation
import Frontend

/// A push as a forge tells of it.
struct Push: Sendable {
  var ref = "refs/heads/main"
  var before = String(repeating: "a", count: 40)
  var after = String(repeating: "b", count: 40)
  var deleted = false
  var changed = ["src/main.c"]
  var forced = false
  var repository = "octo/library"

  var json: String {
    let value: [String: Any] = [
      "ref": ref, "before": before,
      "after": deleted ? String(repeating: "0", count: 40) : after,
      "deleted": deleted, "forced": forced,
      "commits": changed.map { ["added": [String](), "removed": [String](), "modified": [$0]] },
      "repository": ["full_name": repository, "clone_url": "https://git.example.org/\(repository).git"],
      "sender": ["login": "ann"],
    ]
    let data = try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}

/// What the answer to a webhook says.
struct Taken: Decodable, Hashable {
  struct Build: Decodable, Hashable {
    var job: String
    var build: Int
  }

  var started: [Build]
  var `repeat`: Bool
}

/// The ways to send a webhook without knowing the secret, or with other bytes than were signed.
enum Forgery: CaseIterable {
  case unsigned, sha1Only, truncated, otherSecret, emptySecret, reencodedBody, trailingByte, otherAlgorithm, twice,
    notHex

  func request(of body: String) -> (body: String, headers: [String: String]) {
    let right = Server.signature(of: body, secret: FrontendConfiguration.secret)
    let event = ["X-GitHub-Event": "push", "X-GitHub-Delivery": "1", "Content-Type": "application/json"]
    func signed(_ signature: String, _ sent: String? = nil) -> (String, [String: String]) {
      (sent ?? body, event.merging(["X-Hub-Signature-256": signature]) { $1 })
    }
    switch self {
    case .unsigned: return (body, event)
    case .sha1Only:
      return (body, event.merging(["X-Hub-Signature": "sha1=" + String(repeating: "a", count: 40)]) { $1 })
    case .truncated: return signed(String(right.dropLast(2)))
    case .otherSecret: return signed(Server.signature(of: body, secret: "another"))
    case .emptySecret: return signed(Server.signature(of: body, secret: ""))
    case .reencodedBody: return signed(right, body.replacingOccurrences(of: "\\/", with: "/"))
    case .trailingByte: return signed(right, body + "\n")
    case .otherAlgorithm: return signed(right.replacingOccurrences(of: "sha256=", with: "sha1="))
    case .twice: return signed(right + right)
    case .notHex: return signed("sha256=" + String(repeating: "zz", count: 32))
    }
  }
}

extension Server {
  /// Sends a signed webhook.
  func deliver(
    _ body: String, event: String = "push", delivery: String = UUID().uuidString,
    secret: String = FrontendConfiguration.secret, type: String = "application/json"
  ) async throws -> Answer {
    let headers = [
      "X-GitHub-Event": event, "X-GitHub-Delivery": delivery, "Content-Type": type,
      "X-Hub-Signature-256": Self.signature(of: body, secret: secret),
    ]
    return try await send("POST", "/webhooks/github", headers, body: body)
  }

  static func signature(of body: String, secret: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: SymmetricKey(data: Array(secret.utf8)))
    return "sha256=" + code.map { String(format: "%02x", $0) }.joined()
  }
}
