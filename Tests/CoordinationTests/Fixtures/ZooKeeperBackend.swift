import Coordination
import Foundation
import ZooKeeperCoordination

extension Backend {
  /// `DISTCI_TEST_ZOOKEEPER` names the servers and a root: `zookeeper://host:port,host:port/distci`. Each test gets a root
  /// of its own below.
  static let zooKeeper = Backend(testDescription: "ZooKeeper") {
    "\(try base())/test-\(UUID().uuidString)"
  } remove: { url in
    let base = try base()
    let root = NodePath(String(try ZooKeeperAddress(url: url).chroot.dropFirst(base.chroot.utf8.count)))
    try await ZooKeeperCoordinationStore(address: base).withSession { try await $0.deleteAll(root) }
  }

  private static func base() throws -> ZooKeeperAddress {
    guard let url = ProcessInfo.processInfo.environment["DISTCI_TEST_ZOOKEEPER"] else {
      throw MissingBackend(remedy: "set DISTCI_TEST_ZOOKEEPER, or DISTCI_TEST_BACKENDS=embedded to do without")
    }
    return try ZooKeeperAddress(url: url)
  }
}

extension CoordinationSession {
  /// Deletes a node and all below it.
  fileprivate func deleteAll(_ path: NodePath) async throws {
    for name in try await children(of: path) ?? [] { try await deleteAll(path / name) }
    try await delete(path)
  }
}

/// A backend cannot be reached, which is a failure and no reason to skip.
struct MissingBackend: Error, CustomStringConvertible {
  var remedy: String
  var description: String { "the backend is missing: \(remedy)" }
}
