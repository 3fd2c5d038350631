package import Coordination
import Foundation
import SQLiteCoordination

/// Stores by URL, so that a test can name one to another process.
package enum TestStores {
  /// Opens `sqlite:///folder`.
  package static func open(_ url: String) throws -> any CoordinationStore {
    guard let end = url.range(of: "://") else { throw UnknownStore(url: url) }
    switch url[..<end.lowerBound] {
    case "sqlite": return SQLiteCoordinationStore(folder: String(url[end.upperBound...]))
    default: throw UnknownStore(url: url)
    }
  }

  package struct UnknownStore: Error, CustomStringConvertible {
    package var url: String
    package var description: String { "no backend for \(url)" }
  }
}
