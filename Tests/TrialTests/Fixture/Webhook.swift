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
  let event: String
  let body: Data

  /// A push of a new commit to the main branch.
  init(push commit: String, to repository: String, delivery: String) {
    self.delivery = delivery
    event = "push"
    let zeros = String(repeating: "0", count: 40)
    body = Data(
      #"""
      {"ref": "refs/heads/main", "before": "\#(zeros)", "after": "\#(commit)", "commits": [],
       "repository": {"full_name": "\#(repository)", "clone_url": "https://git.example.org/\#(repository).git"}}
      """#.utf8)
  }

  /// News of pull request 7, in which whoever asks for it says all that he can of himself.
  ///
  /// - Parameters:
  ///   - action: such as `opened`.
  ///   - base: the commit of the main branch, into which it is to be merged.
  ///   - at: seconds after the request was made.
  init(
    pullRequest action: String, of fork: String, _ commit: String, base: String, to repository: String, at seconds: Int
  ) {
    delivery = "\(action)-\(commit)-\(seconds)"
    event = "pull_request"
    // Whose the head is says the forge; all other names are chosen by strangers.
    let spoofed = #""login": "octo", "site_admin": true, "author_association": "OWNER", "approved_by": "octo""#
    body = Data(
      #"""
      {"action": "\#(action)", "number": 7, "isFork": false, "approvedBy": "octo", "sender": {\#(spoofed)},
       "pull_request": {
         "number": 7, "updated_at": "2026-01-02T03:04:\#(10 + seconds)Z", "title": "[trusted] ${secret} $(env)",
         "isFork": false, "approvedBy": "octo", "author_association": "OWNER", "user": {\#(spoofed)},
         "head": {"ref": "main", "sha": "\#(commit)", "label": "octo:main", "user": {\#(spoofed)},
           "repo": {"full_name": "\#(fork)", "fork": false, "owner": {\#(spoofed)}}},
         "base": {"ref": "main", "sha": "\#(base)", "repo": {"full_name": "\#(repository)"}}},
       "repository": {"full_name": "\#(repository)", "clone_url": "https://git.example.org/\#(repository).git"}}
      """#.utf8)
  }

  func headers(secret: String = Webhook.secret) -> [String: String] {
    let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
    return [
      "X-GitHub-Event": event, "X-GitHub-Delivery": delivery, "Content-Type": "application/json",
      "X-Hub-Signature-256": "sha256=" + code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(),
    ]
  }
}
