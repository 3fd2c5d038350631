import Coordination
import Synchronization

/// Tells one consumer that what it watches may have changed. Any number of changes before it looks are one.
final class ChangeSignal: Sendable {
  private struct State {
    /// At first there is the present to be looked at.
    var isMarked = true
    var isFinished = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  let session: SessionID
  private let state = Mutex(State())

  init(session: SessionID) {
    self.session = session
  }

  func mark() {
    wake { $0.isMarked = true }
  }

  /// There will be no more.
  func finish() {
    wake { $0.isFinished = true }
  }

  /// Waits for the next change. Answers false when there will be none, or when the task is cancelled.
  func wait() async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.isMarked || state.isFinished || Task.isCancelled { return true }
          state.waiter = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      wake { _ in }
    }
    return state.withLock { state in
      defer { state.isMarked = false }
      return state.isMarked && !state.isFinished && !Task.isCancelled
    }
  }

  private func wake(_ change: (inout State) -> Void) {
    let waiter = state.withLock { state in
      change(&state)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
