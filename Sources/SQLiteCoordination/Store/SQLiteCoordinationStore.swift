package import Coordination
import Dispatch
import Synchronization

/// The coordination store of one machine: a folder with an SQLite database that any number of processes share.
///
/// Commits are on disk when they are acknowledged. Sessions end with their process, at once, however it dies. The folder
/// must be on a local file system: neither shared memory nor file notifications reach over a network.
package final class SQLiteCoordinationStore: CoordinationStore {
  private enum State {
    case idle
    case open(OpenStore)
    case closed
  }

  private let folder: String
  private let state = Mutex(State.idle)
  /// Opening blocks, and is done once: hence a serial queue, and not the cooperative pool.
  private let opening = DispatchQueue(label: "coordination-opening")

  /// Touches nothing: the first session opens the folder, or makes it.
  ///
  /// - Parameter folder: the path of the store's folder. Everything in it belongs to the store.
  package init(folder: String) {
    self.folder = folder
  }

  /// - Throws: ``CoordinationError`` with `unavailable` when another process keeps the store locked for 10 s, `noSpace`, or
  ///   `refused` when the folder holds something else, something damaged or newer, or may not be used.
  package func openSession() async throws -> any CoordinationSession {
    try await openStore().openSession()
  }

  /// Ends every session opened here. The store opens no more of them.
  package func close() async {
    let last = state.withLock { state in
      defer { state = .closed }
      return state
    }
    if case .open(let store) = last { await store.close() }
  }

  func openStore() async throws -> OpenStore {
    if let store = try current() { return store }
    return try await withCheckedThrowingContinuation { continuation in
      opening.async {
        continuation.resume(with: Result { try self.openOnce() })
      }
    }
  }

  private func openOnce() throws -> OpenStore {
    if let store = try current() { return store }
    let store = try OpenStore(folder: folder)
    return try state.withLock { state in
      if case .closed = state { throw closed }
      state = .open(store)
      return store
    }
  }

  private func current() throws -> OpenStore? {
    try state.withLock { state in
      switch state {
      case .idle: nil
      case .open(let store): store
      case .closed: throw closed
      }
    }
  }

  private var closed: CoordinationError {
    CoordinationError(.unavailable, message: "the store at \(folder) was closed by this process")
  }
}
