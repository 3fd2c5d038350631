import Foundation
import Glibc
import TestStores
import Testing

/// The servers of a cluster that trials may kill, freeze and fill: `DISTCI_TRIALS_CLUSTER` is its folder. They harm
/// everything that runs on it, so it is nobody else's, and trials on it take turns.
struct Harm: Sendable {
  let folder: String

  /// Whether there is such a cluster. `deploy/trials` starts one.
  static var isAllowed: Bool { cluster != nil && Trials.pairs.contains { $0.hasSessionTimeout } }

  private static let cluster = ProcessInfo.processInfo.environment["DISTCI_TRIALS_CLUSTER"]

  /// Runs a trial on the cluster, and leaves it as healthy as it was.
  static func with(_ body: (Harm) async throws -> Void) async throws {
    let harm = Harm(folder: try #require(cluster))
    do {
      try await body(harm)
      try await harm.mend()
    } catch {
      try await harm.mend()
      throw error
    }
  }

  /// Thaws and starts what is not there, makes room, and waits until all is healthy.
  private func mend() async throws {
    for name in ["zk.1", "zk.2", "zk.3", "osd.0", "osd.1", "osd.2"] {
      if let pid = try? pid(of: name) { Glibc.kill(pid, SIGCONT) }
    }
    try await limitObjects(to: 0)
    try await run("up")
  }

  /// Runs a `deploy/dev-cluster` command on it.
  ///
  /// - Returns: what it printed.
  @discardableResult
  func run(_ words: String...) async throws -> String {
    let script = #filePath.replacingOccurrences(of: "/Tests/TrialTests/Servers/Harm.swift", with: "/deploy/dev-cluster")
    return try await Self.output(of: [script, "--folder", folder] + words)
  }

  /// Runs a command as the administrator of its Ceph cluster.
  private func ceph(_ words: String...) async throws {
    let who = ["--conf", folder + "/ceph.conf", "--name", "client.admin", "--connect-timeout", "20"]
    _ = try await Self.output(of: ["/usr/bin/ceph"] + who + words)
  }

  /// Lets the pool hold so many objects; 0 is no limit.
  func limitObjects(to most: Int) async throws {
    try await ceph("osd", "pool", "set-quota", "distci", "max_objects", "\(most)")
  }

  func pid(of name: String) throws -> pid_t {
    let text = try String(contentsOfFile: "\(folder)/run/\(name).pid", encoding: .utf8)
    return try #require(pid_t(text.filter(\.isNumber)))
  }

  func signal(_ number: Int32, _ names: String...) throws {
    for name in names { Glibc.kill(try pid(of: name), number) }
  }

  /// The number of the server of ZooKeeper that leads.
  func leader() async throws -> String {
    var leader: String?
    try await eventually("ZooKeeper has a leader") {
      let status = try await run("status")
      let line = status.split(separator: "\n").first { $0.hasPrefix("# zk.") && $0.hasSuffix("leader") }
      leader = line.map { String($0.dropFirst("# zk.".count).prefix(1)) }
      return leader != nil
    }
    return try #require(leader)
  }

  static func output(of arguments: [String]) async throws -> String {
    let file = NSTemporaryDirectory() + "/" + UUID().uuidString
    try Data().write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let process = try ChildProcess(
      arguments, environment: ProcessInfo.processInfo.environment, output: file, errors: "/dev/null")
    try await eventually("\(arguments) ends", within: .seconds(180)) { !process.isRunning }
    // `status` says by its exit status whether all is well, which a trial knows better.
    try #require(process.end == .exited(0) || arguments.last == "status", "\(arguments)")
    return try String(contentsOfFile: file, encoding: .utf8)
  }
}
