import Foundation
import Glibc
import Testing

/// The ways between the servers of ZooKeeper, in a network namespace that is the trial's own: there, packets may be lost by
/// rules of routing, which every kernel has.
///
/// All servers have the same address, so their packets are told apart by ports. A server takes followers at its quorum
/// port, and all are connected to one another by their election ports; who has which connection, the kernel tells.
struct QuorumNetwork: Sendable {
  enum Direction: CaseIterable, Sendable {
    case both
    case fromLeader
    case toLeader
  }

  private struct Connection {
    var pid: pid_t
    var port: Int
    var peer: Int
  }

  /// Whether the network is the trial's own.
  static var isAllowed: Bool { ProcessInfo.processInfo.environment["DISTCI_TRIALS_NETWORK"] == "own" }

  private let harm: Harm
  private let basePort: Int

  init(_ harm: Harm) throws {
    self.harm = harm
    let settings = try String(contentsOfFile: harm.folder + "/settings", encoding: .utf8)
    let line = settings.split(separator: "\n").first { $0.hasPrefix("base-port ") }
    basePort = try #require(line.flatMap { Int($0.dropFirst("base-port ".count)) })
  }

  /// Cuts the leader off from the others, which still reach each other. Clients reach all three.
  func isolate(leader: Int, _ direction: Direction) async throws {
    let connections = try await connections()
    let leaderProcess = try harm.pid(of: "zk.\(leader)")
    try await makeRoomForRules()
    var passing: Set<[Int]> = []
    for connection in connections where connection.pid != leaderProcess {
      // Both ends are in the list.
      let other = connections.first { $0.port == connection.peer && $0.peer == connection.port }
      let isOfLeader = other?.pid == leaderProcess
      if !isOfLeader || direction == .fromLeader { passing.insert([connection.port, connection.peer]) }
      if !isOfLeader || direction == .toLeader { passing.insert([connection.peer, connection.port]) }
    }
    for ports in passing { try await pass(ports[0], ports[1]) }
    for number in 1...3 {
      for side in ["sport", "dport"] { try await drop(side, electionPort(number)) }
    }
    if direction != .toLeader { try await drop("sport", quorumPort(leader)) }
    if direction != .fromLeader { try await drop("dport", quorumPort(leader)) }
  }

  func heal() async throws {
    for priority in [Self.passing, Self.dropping] {
      while try await rules().contains(priority) { try await rule("del", "priority", priority) }
    }
  }

  private func quorumPort(_ number: Int) -> Int { basePort + 10 + number }
  private func electionPort(_ number: Int) -> Int { basePort + 20 + number }

  private static let (passing, dropping, local) = ("10", "20", "30")

  private func pass(_ source: Int, _ destination: Int) async throws {
    let ports = ["sport", "\(source)", "dport", "\(destination)"]
    try await rule(["add", "priority", Self.passing, "ipproto", "tcp"] + ports + ["lookup", "local"])
  }

  private func drop(_ side: String, _ port: Int) async throws {
    try await rule("add", "priority", Self.dropping, "ipproto", "tcp", side, "\(port)", "blackhole")
  }

  /// The rule that takes packets to the machine itself is the very first one until it is moved.
  private func makeRoomForRules() async throws {
    guard try await rules().contains("0") else { return }
    try await rule("add", "priority", Self.local, "lookup", "local")
    try await rule("del", "priority", "0")
  }

  private func rules() async throws -> Set<String> {
    let lines = try await Harm.output(of: ["/usr/sbin/ip", "rule"]).split(separator: "\n")
    return Set(lines.compactMap { $0.split(separator: ":").first.map(String.init) })
  }

  private func rule(_ words: String...) async throws { try await rule(words) }

  private func rule(_ words: [String]) async throws {
    // On a network that is everybody's, this would hurt others.
    try #require(Self.isAllowed)
    _ = try await Harm.output(of: ["/usr/sbin/ip", "rule"] + words)
  }

  /// The connections to election ports, once from each end.
  private func connections() async throws -> [Connection] {
    let text = try await Harm.output(of: ["/usr/bin/ss", "-Htnp", "state", "established"])
    let elections = (1...3).map(electionPort)
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count >= 5, let port = Self.port(words[2]), let peer = Self.port(words[3]),
        elections.contains(port) || elections.contains(peer), let start = words[4].range(of: "pid=")
      else { return nil }
      return pid_t(words[4][start.upperBound...].prefix { $0.isNumber })
        .map { Connection(pid: $0, port: port, peer: peer) }
    }
  }

  private static func port(_ address: Substring) -> Int? { address.split(separator: ":").last.flatMap { Int($0) } }
}
