package import Coordination
import Foundation
import SQLiteCoordination
import ZooKeeperCoordination

/// Stores by URL, so that a test can name one to another process.
package enum TestStores {
  /// Opens `sqlite:///folder` or `zookeeper://host:port,host:port/root`. The sessions of ZooKeeper have a timeout that a busy
  /// machine can keep, and that a test which waits for the end of one can wait for.
  package static func open(_ url: String) throws -> any CoordinationStore {
    guard let end = url.range(of: "://") else { throw UnknownStore(url: url) }
    switch url[..<end.lowerBound] {
    case "sqlite": return SQLiteCoordinationStore(folder: String(url[end.upperBound...]))
    case "zookeeper": return try ZooKeeperCoordinationStore(url: url, sessionTimeout: .seconds(5))
    default: throw UnknownStore(url: url)
    }
  }

  package struct UnknownStore: Error, CustomStringConvertible {
    package var url: String
    package var description: String { "no backend for \(url)" }
  }
}
