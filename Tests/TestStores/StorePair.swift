package import Coordination
import FileObjectStorage
import Foundation
package import ObjectStorage
import RadosObjectStorage

/// A pair of stores that the whole system runs on.
package struct StorePair: Sendable, CustomStringConvertible {
  /// Where one test has its stores, in the form that tests and processes open.
  package struct Place: Sendable {
    package let coordination: String
    package let objects: String
    /// The folder of stores that are files.
    fileprivate let folder: String?

    package func openCoordination() throws -> any CoordinationStore { try TestStores.open(coordination) }
    package let openObjects: @Sendable () async throws -> any ObjectStore

    /// Removes what the stores hold.
    package func remove() async throws {
      if let folder {
        try StoreFolder.remove(folder)
      } else {
        try await openCoordination().withSession { try await StorePair.removeAll(.root, $0) }
      }
    }
  }

  package let description: String
  /// Makes a place of a test's own, by its name.
  package let place: @Sendable (_ name: String) throws -> Place
  /// Whether a session outlives its process for a time.
  package let hasSessionTimeout: Bool

  /// Both pairs: one that cannot be reached fails its tests. `DISTCI_TEST_BACKENDS=embedded` narrows the list to what needs
  /// no server, for a quick run.
  package static let all: [StorePair] =
    ProcessInfo.processInfo.environment["DISTCI_TEST_BACKENDS"] == "embedded" ? [.embedded] : [.embedded, .cluster]

  package static let embedded = StorePair(
    description: "SQLite + files",
    place: { name in
      let folder = NSTemporaryDirectory() + "/distci-stores-\(name)"
      return Place(
        coordination: "sqlite://\(folder)/coordination", objects: "file://\(folder)/objects", folder: folder,
        openObjects: { try await FileObjectStore(folder: folder + "/objects") })
    }, hasSessionTimeout: false)

  package static let cluster = StorePair(
    description: "ZooKeeper + RADOS",
    place: { name in
      let rados = try variable("DISTCI_TEST_RADOS") + "&namespace=\(name)"
      return Place(
        coordination: try variable("DISTCI_TEST_ZOOKEEPER") + "-\(name)?timeout=2s", objects: rados, folder: nil,
        openObjects: { try await RadosObjectStore(url: rados) })
    }, hasSessionTimeout: true)

  package struct NoCluster: Error, CustomStringConvertible {
    let variable: String
    package var description: String { "\(variable) is not set: start a cluster with deploy/dev-cluster up" }
  }

  private static func variable(_ name: String) throws -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else { throw NoCluster(variable: name) }
    return value
  }

  private static func removeAll(_ path: NodePath, _ session: any CoordinationSession) async throws {
    for name in try await session.children(of: path) ?? [] { try await removeAll(path / name, session) }
    if path != .root { try? await session.delete(path) }
  }
}
