import Coordination
import FileObjectStorage
import Foundation
import ObjectStorage
import RadosObjectStorage
import SQLiteCoordination
import Testing
import ZooKeeperCoordination

/// A pair of stores that the whole system runs on.
struct StorePair: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Opens a place of the test's own.
  let open: @Sendable (_ place: String) async throws -> (any CoordinationStore, any ObjectStore)
  let remove: @Sendable (_ place: String) async throws -> Void

  /// Both pairs: one that cannot be reached fails its tests. `DISTCI_TEST_BACKENDS=embedded` narrows the list to what needs
  /// no server, for a quick run.
  static let all: [StorePair] =
    ProcessInfo.processInfo.environment["DISTCI_TEST_BACKENDS"] == "embedded" ? [.embedded] : [.embedded, .cluster]

  static let embedded = StorePair(testDescription: "SQLite + files") { place in
    let folder = folder(place)
    return (
      SQLiteCoordinationStore(folder: folder + "/coordination"),
      try await FileObjectStore(folder: folder + "/objects")
    )
  } remove: { place in
    try FileManager.default.removeItem(atPath: folder(place))
  }

  static let cluster = StorePair(testDescription: "ZooKeeper + RADOS") { place in
    let (zooKeeper, rados) = try clusterURLs(place)
    return (
      try ZooKeeperCoordinationStore(url: zooKeeper, sessionTimeout: .seconds(2)),
      try await RadosObjectStore(url: rados)
    )
  } remove: { place in
    let (zooKeeper, _) = try clusterURLs(place)
    try await ZooKeeperCoordinationStore(url: zooKeeper).withSession { try await removeAll(.root, $0) }
  }

  private static func folder(_ place: String) -> String { NSTemporaryDirectory() + "/distci-dispatch-\(place)" }

  private static func clusterURLs(_ place: String) throws -> (String, String) {
    let environment = ProcessInfo.processInfo.environment
    let zooKeeper = try #require(environment["DISTCI_TEST_ZOOKEEPER"], "start a cluster: deploy/dev-cluster up")
    let rados = try #require(environment["DISTCI_TEST_RADOS"], "start a cluster: deploy/dev-cluster up")
    return (zooKeeper + "-dispatch-\(place)", rados + "&namespace=dispatch-\(place)")
  }

  private static func removeAll(_ path: NodePath, _ session: any CoordinationSession) async throws {
    for name in try await session.children(of: path) ?? [] { try await removeAll(path / name, session) }
    if path != .root { try? await session.delete(path) }
  }
}
