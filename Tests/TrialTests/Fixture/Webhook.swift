import Crypto
import Foundation
import Model

/// What a forge sends.
struct Webhook: Sendable {
  static let secret = "the secret of the trials"

  /// What a frontend answers.
  struct Answer: Decodable {
    var started: [BuildReference]
  }

  let delivery: String
  let body: Data

  /// A push of a new commit to the main branch.
  init(push commit: String, to repository: String, delivery: String) {
    self.delivery = delivery
    let zeros = String(repeating: "0", count: 40)
    body = Data(
      #"""
      {"ref": "refs/heads/main", "before": "\#(zeros)", "after": "\#(commit)", "commits": [],
       "repository": {"full_name": "\#(repository)", "clone_url": "https://git.example.org/\#(repository).git"}}
      """#.utf8)
  }

  func headers(secret: String = Webhook.secret) -> [String: String] {
    let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
    return [
      "X-GitHub-Event": "push", "X-GitHub-Delivery": delivery, "Content-Type": "application/json",
      "X-Hub-Signature-256": "sha256=" + code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(),
    ]
  }
}
