/// Tells one watch that what it last saw may be out of date. Raised from the beginning, because it has seen nothing yet.
final class WatchSignal: Sendable {
  private struct State {
    var isRaised = true
    var waiter: Promise<Void>?
  }

  private let state = Locked(State())

  func raise() {
    let waiter = state.withLock { state in
      state.isRaised = true
      return state.waiter.take()
    }
    waiter?.resolve(())
  }

  var isRaised: Bool { state.withLock { $0.isRaised } }

  /// For who looks at ``isRaised`` and does not wait.
  func lower() { state.withLock { $0.isRaised = false } }

  /// Returns when the signal is or becomes raised, and lowers it; or when the task is cancelled.
  func wait() async {
    let waiter = state.withLock { state -> Promise<Void>? in
      guard !state.isRaised else {
        state.isRaised = false
        return nil
      }
      let waiter = Promise<Void>()
      state.waiter = waiter
      return waiter
    }
    guard let waiter else { return }
    await waiter.value(whenCancelled: ())
    state.withLock {
      $0.isRaised = false
      $0.waiter = nil
    }
  }
}
