import Synchronization

/// Reads pieces in their order, the next few while one is being used. Reading stops when it is let go of.
final class ReadAhead: Sendable {
  private struct State {
    var pieces: ArraySlice<BlobPiece>
    // Not child tasks, as they outlive each call of `next`; they end with their owner.
    var reads: [Task<[UInt8], any Error>] = []
  }

  private static let window = 4

  private let store: any ObjectStore
  private let state: Mutex<State>

  init(_ pieces: [BlobPiece], from store: any ObjectStore) {
    self.store = store
    state = Mutex(State(pieces: pieces[...]))
  }

  deinit { cancel() }

  /// All has been given out.
  var isEmpty: Bool { state.withLock { $0.pieces.isEmpty && $0.reads.isEmpty } }

  func next() async throws -> [UInt8]? {
    guard let read = takeRead() else { return nil }
    return try await withTaskCancellationHandler {
      try await read.value
    } onCancel: {
      read.cancel()
    }
  }

  private func takeRead() -> Task<[UInt8], any Error>? {
    state.withLock { [store] state in
      while state.reads.count < Self.window, let piece = state.pieces.popFirst() {
        state.reads.append(Task { try await piece.read(from: store) })
      }
      return state.reads.isEmpty ? nil : state.reads.removeFirst()
    }
  }

  private func cancel() {
    for read in state.withLock({ $0.reads }) { read.cancel() }
  }
}
