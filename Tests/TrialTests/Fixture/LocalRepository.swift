import Foundation
import Glibc
import Testing

/// A git repository of this machine.
struct LocalRepository: Sendable {
  let path: String
  var url: String { "file://\(path)" }

  /// Makes one with a commit of these files.
  init(_ path: String, branch: String = "main", files: [String: String]) async throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try await git("init", "--quiet", "--initial-branch", branch)
    try await commit(files)
  }

  /// Adds a commit that changes these files.
  func commit(_ files: [String: String]) async throws {
    for (name, text) in files { try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8) }
    try await git("add", ".")
    try await git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "-m", "A change")
  }

  /// The commit at the head of a branch.
  func commit(at branch: String) async throws -> String {
    try String(contentsOfFile: "\(path)/.git/refs/heads/\(branch)", encoding: .utf8).trimmingCharacters(
      in: .whitespacesAndNewlines)
  }

  private func git(_ arguments: String...) async throws {
    let variables = ["PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": path]
    let process = try ChildProcess(
      ["/usr/bin/git", "-C", path] + arguments, environment: variables, output: "/dev/null", errors: "/dev/null")
    try await eventually("git ends") { !process.isRunning }
    try #require(process.end == .exited(0))
  }
}
