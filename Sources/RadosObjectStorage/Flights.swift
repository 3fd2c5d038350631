import ObjectStorage

/// Counts the operations that librados has not called back for, so that the connection is not taken away from under
/// them.
final class Flights: Sendable {
  private struct State {
    var count = 0
    var isClosed = false
    var waiting: [CheckedContinuation<Void, Never>] = []

    mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
      defer { waiting = [] }
      return waiting
    }
  }

  private let state = Locked(State())

  /// - Returns: `false` when nothing more may begin.
  func begin() -> Bool {
    state.withLock { state in
      if state.isClosed { return false }
      state.count += 1
      return true
    }
  }

  func end() {
    let waiting = state.withLock { state in
      state.count -= 1
      return state.count == 0 ? state.takeWaiting() : []
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Lets nothing more begin, and returns when all has ended.
  func drain() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        state.isClosed = true
        if state.count > 0 { state.waiting.append(continuation) }
        return state.count == 0
      }
      if isOver { continuation.resume() }
    }
  }
}
