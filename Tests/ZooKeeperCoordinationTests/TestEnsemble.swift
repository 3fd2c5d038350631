import Coordination
import Foundation
import TestProxy
import Testing
import ZooKeeperCoordination

/// The real servers that the tests talk to, each test below a root of its own.
struct TestEnsemble {
  /// The variable that holds `zookeeper://host:port,…`.
  static let variable = "DISTCI_TEST_ZOOKEEPER"

  let address: ZooKeeperAddress

  /// Runs a test below a new root, and removes it afterwards.
  static func withRoot(_ body: (TestEnsemble) async throws -> Void) async throws {
    let url = try #require(
      ProcessInfo.processInfo.environment[variable],
      "set \(variable)=zookeeper://host:port,… to servers that the tests may use")
    let base = try ZooKeeperAddress(url: url)
    let name = "test-\(UInt64.random(in: 0 ... .max))"
    let ensemble = TestEnsemble(
      address: try ZooKeeperAddress(servers: base.servers, chroot: "\(base.chroot)/\(name)"))
    let result = await Result { try await body(ensemble) }
    try await ZooKeeperCoordinationStore(address: base).withSession { session in
      try await session.removeAll(NodePath("/\(name)"))
    }
    try result.get()
  }

  func store(sessionTimeout: Duration = .seconds(4)) -> ZooKeeperCoordinationStore {
    ZooKeeperCoordinationStore(address: address, sessionTimeout: sessionTimeout)
  }

  /// The same root, seen through proxies.
  func store(
    through proxies: [ServerProxy], sessionTimeout: Duration = .seconds(4)
  ) throws -> ZooKeeperCoordinationStore {
    ZooKeeperCoordinationStore(
      address: try ZooKeeperAddress(
        servers: proxies.map { "127.0.0.1:\($0.port)" }, chroot: address.chroot),
      sessionTimeout: sessionTimeout)
  }

  /// Runs a test with a proxy before one of the servers.
  func withProxy(toServer index: Int = 0, _ body: (ServerProxy) async throws -> Void) async throws {
    let server = address.servers[index % address.servers.count]
    let port = try #require(server.split(separator: ":").last.flatMap { UInt16($0) })
    let proxy = try ServerProxy(serverPort: port)
    defer { proxy.stop() }
    try await body(proxy)
  }
}

extension CoordinationSession {
  func removeAll(_ path: NodePath) async throws {
    for name in try await children(of: path) ?? [] { try await removeAll(path / name) }
    do {
      try await delete(path)
    } catch let error as CoordinationError where error.code == .noNode {
      return
    }
  }
}

extension Result where Failure == any Error {
  init(_ body: () async throws -> Success) async {
    do {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
