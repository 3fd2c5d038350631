import Coordination
import Foundation
import Synchronization
import TestStores

/// A store that one test has for itself, and everything that the test opened on it.
final class TestStore: Sendable {
  let url: String
  private let shared = Mutex<(any CoordinationStore)?>(nil)
  private let sessions = Mutex<[any CoordinationSession]>([])
  private let probes = Mutex<[Probe]>([])

  init(url: String) {
    self.url = url
  }

  /// A session of this process's store.
  func session() async throws -> any CoordinationSession {
    let store = try shared.withLock { shared in
      let store = try shared ?? TestStores.open(url)
      shared = store
      return store
    }
    return try await remembered(store.openSession())
  }

  /// The store, opened once more.
  func open() throws -> any CoordinationStore {
    try TestStores.open(url)
  }

  /// A session that shares nothing with the others but the store.
  func distantSession() async throws -> any CoordinationSession {
    try await remembered(open().openSession())
  }

  /// Another process, with a session.
  func probe() async throws -> Probe {
    let probe = try await Probe(url: url)
    probes.withLock { $0.append(probe) }
    return probe
  }

  /// Kills every other process, and waits until they are gone.
  func killProbes() async throws {
    let killed = probes.withLock { probes in
      defer { probes = [] }
      return probes
    }
    for probe in killed { probe.kill() }
    for probe in killed { try await probe.exited() }
  }

  func close() async throws {
    try await killProbes()
    for session in sessions.withLock({ $0 }) { await session.close() }
  }

  private func remembered(_ session: any CoordinationSession) -> any CoordinationSession {
    sessions.withLock { $0.append(session) }
    return session
  }
}
