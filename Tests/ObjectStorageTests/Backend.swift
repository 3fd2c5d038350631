import Foundation
import ObjectStorage

/// The backends that every test of the contract runs over. One that cannot be reached fails its tests; only
/// `DISTCI_TEST_BACKENDS=embedded` leaves out those that need servers.
enum Backend: String, Sendable {
  case files
  case rados

  static let all: [Backend] =
    switch ProcessInfo.processInfo.environment["DISTCI_TEST_BACKENDS"] {
    case "embedded": [.files]
    default: [.files, .rados]
    }

  /// Runs the test over a new, empty store, and removes all of it afterwards.
  func withStore(_ body: (any ObjectStore) async throws -> Void) async throws {
    try await withPlace { place in
      let store = try await place.open()
      do {
        try await body(store)
      } catch {
        await store.close()
        throw error
      }
      await store.close()
    }
  }

  /// Runs the test over a new place where several stores can be opened, and removes all of it afterwards.
  func withPlace(_ body: (any Place) async throws -> Void) async throws {
    let place: any Place
    switch self {
    case .files: place = FilesPlace()
    case .rados: place = try RadosPlace()
    }
    do {
      try await body(place)
    } catch {
      try? await place.remove()
      throw error
    }
    try await place.remove()
  }
}

/// Where stores see each other's writes, and nobody else's.
protocol Place: Sendable {
  /// For another process.
  var address: String { get }

  func open() async throws -> any ObjectStore
  func remove() async throws
}
