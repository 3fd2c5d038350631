import Foundation
import TestProxy
import TestStores
import Testing

/// Proxies before all servers of ZooKeeper.
struct Proxies: Sendable {
  let all: [ServerProxy]

  /// Runs a trial whose processes reach ZooKeeper through proxies only.
  static func with(_ body: (Proxies) async throws -> Void) async throws {
    let url = try #require(ProcessInfo.processInfo.environment["DISTCI_TEST_ZOOKEEPER"])
    let servers = try #require(url.split(separator: "/").dropFirst().first).split(separator: ",")
    let proxies = Proxies(
      all: try servers.map { server in
        try ServerProxy(serverPort: try #require(server.split(separator: ":").last.flatMap { UInt16($0) }))
      })
    defer { for proxy in proxies.all { proxy.stop() } }
    try await body(proxies)
  }

  var surroundings: Surroundings { surroundings() }

  /// - Parameters:
  ///   - timeout: of sessions.
  ///   - command: who reaches ZooKeeper through the proxies; `nil` is everybody.
  func surroundings(timeout: String = "2s", for command: String? = nil) -> Surroundings {
    let servers = all.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    return Surroundings { url, who in
      guard command ?? who == who else { return url }
      let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
      let rest = parts[2].replacingOccurrences(of: "timeout=2s", with: "timeout=\(timeout)")
      return "\(parts[0])//\(servers)/\(rest)"
    }
  }

  /// Connections made so far.
  var accepted: Int { all.reduce(0) { $0 + $1.accepted } }

  func swallow(_ isSilent: Bool) { for proxy in all { proxy.swallow(isSilent) } }

  func slowDown(to delay: Duration) {
    for proxy in all {
      proxy.requests.slowDown(to: delay)
      proxy.answers.slowDown(to: delay)
    }
  }
}
