import GRDB
import Synchronization

/// Connections for reading, one for each thread that reads at the same time, so that none waits for another: a read takes some
/// microseconds, and a turn between threads several times that.
final class Readers: Sendable {
  /// For who may not wait, and takes turns.
  let first: DatabaseQueue
  private let folder: String
  private let state = Mutex(State())

  private struct State {
    var free: [DatabaseQueue] = []
    var count = 0
  }

  private static let most = 8

  /// Blocks.
  init(folder: String) throws {
    self.folder = folder
    first = try DatabaseFile.openReader(inFolder: folder)
  }

  func withReader<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
    guard let reader = try take() else { return try body(first) }
    defer { state.withLock { $0.free.append(reader) } }
    return try body(reader)
  }

  /// - Returns: `nil` when there are as many as there may be.
  private func take() throws -> DatabaseQueue? {
    let (free, isNew) = state.withLock { state in
      let free = state.free.popLast()
      let isNew = free == nil && state.count < Self.most
      if isNew { state.count += 1 }
      return (free, isNew)
    }
    guard isNew else { return free }
    do {
      return try DatabaseFile.openReader(inFolder: folder)
    } catch {
      state.withLock { $0.count -= 1 }
      throw error
    }
  }
}
