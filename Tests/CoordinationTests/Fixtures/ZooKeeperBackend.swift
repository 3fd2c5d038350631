import Foundation

extension Backend {
  /// `DISTCI_TEST_ZOOKEEPER` names the servers and a root: `zookeeper://host:port,host:port/distci`.
  static let zooKeeper = Backend(testDescription: "ZooKeeper") {
    guard let url = ProcessInfo.processInfo.environment["DISTCI_TEST_ZOOKEEPER"] else {
      throw MissingBackend(remedy: "set DISTCI_TEST_ZOOKEEPER, or DISTCI_TEST_BACKENDS=embedded to do without")
    }
    return "\(url)/test-\(UUID().uuidString)"
  } remove: { _ in
  }
}

/// A backend cannot be reached, which is a failure and no reason to skip.
struct MissingBackend: Error, CustomStringConvertible {
  var remedy: String
  var description: String { "the backend is missing: \(remedy)" }
}
