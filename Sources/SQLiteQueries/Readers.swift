package import GRDB
import Synchronization

/// Connections for reading, one for each thread that reads at the same time, so that none waits for another: a read takes some
/// microseconds, and a turn between threads several times that.
///
/// Outside of transactions a read of one statement is a snapshot by itself, and costs neither the beginning and the end of a
/// transaction nor the way through the readers of GRDB's pool.
package final class Readers: Sendable {
  /// For who may not wait, and takes turns.
  package let first: DatabaseQueue
  private let open: @Sendable () throws -> DatabaseQueue
  private let state = Mutex(State())

  private struct State {
    var free: [DatabaseQueue] = []
    var count = 0
    var isClosed = false
  }

  private static let most = 8

  /// - Parameter open: opens one more connection. May block.
  package init(open: @escaping @Sendable () throws -> DatabaseQueue) throws {
    self.open = open
    first = try open()
  }

  package func withReader<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
    guard let reader = try take() else { return try body(first) }
    defer { giveBack(reader) }
    return try body(reader)
  }

  /// Closes all; those in use when they are given back. What is read from then on fails. Blocks.
  package func close() throws {
    let free = state.withLock { state in
      state.isClosed = true
      defer { state.free = [] }
      return state.free
    }
    for reader in free + [first] { try reader.close() }
  }

  /// - Returns: `nil` when there are as many as there may be.
  private func take() throws -> DatabaseQueue? {
    let (free, isNew) = state.withLock { state in
      let free = state.free.popLast()
      let isNew = free == nil && state.count < Self.most && !state.isClosed
      if isNew { state.count += 1 }
      return (free, isNew)
    }
    guard isNew else { return free }
    do {
      return try open()
    } catch {
      state.withLock { $0.count -= 1 }
      throw error
    }
  }

  private func giveBack(_ reader: DatabaseQueue) {
    let isClosed = state.withLock { state in
      if !state.isClosed { state.free.append(reader) }
      return state.isClosed
    }
    // What cannot be closed now is closed with its last reference.
    if isClosed { try? reader.close() }
  }
}
