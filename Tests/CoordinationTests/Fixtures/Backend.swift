import Coordination
import Foundation
import Testing

/// A kind of coordination store, and how a test gets one of its own.
struct Backend: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Makes an empty store that no other test uses, and answers with its URL.
  let make: @Sendable () async throws -> String
  /// Removes it.
  let remove: @Sendable (_ url: String) async throws -> Void

  /// Every backend: one that cannot be reached fails its tests. `DISTCI_TEST_BACKENDS=embedded` narrows the list to what
  /// needs no server, for a quick run.
  static let all: [Backend] =
    ProcessInfo.processInfo.environment["DISTCI_TEST_BACKENDS"] == "embedded" ? [.sqlite] : [.sqlite, .zooKeeper]

  /// Runs a test on a store of its own.
  func withStore(_ body: (TestStore) async throws -> Void) async throws {
    let store = TestStore(url: try await make())
    do {
      try await body(store)
    } catch {
      try? await store.close()
      try? await remove(store.url)
      throw error
    }
    try await store.close()
    try await remove(store.url)
  }
}
