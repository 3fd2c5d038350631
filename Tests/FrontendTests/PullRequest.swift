import Foundation

/// A pull request as a forge tells of it.
struct PullRequest: Sendable {
  var action = "opened"
  var number = 7
  var repository = "octo/library"
  /// `nil` when the head's repository is gone.
  var head: String? = "octo/library"
  var branch = "topic"
  var commit = String(repeating: "b", count: 40)
  var base = "main"
  var baseRepository: String?
  var updated = "2026-01-02T03:04:05Z"

  var json: String {
    let value: [String: Any] = [
      "action": action, "number": number,
      "pull_request": [
        "number": number, "draft": false, "updated_at": updated, "title": "$(rm -rf /)", "user": ["login": "octo"],
        "head": ["ref": branch, "sha": commit, "repo": head.map { ["full_name": $0] } ?? NSNull() as Any],
        "base": [
          "ref": base, "sha": String(repeating: "a", count: 40),
          "repo": ["full_name": baseRepository ?? repository],
        ],
      ],
      "repository": ["full_name": repository, "clone_url": "https://git.example.org/\(repository).git"],
      "sender": ["login": "octo"],
    ]
    let data = try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
