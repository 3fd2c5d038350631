import Synchronization

/// A worker's wish to end: it takes no new tickets from then on.
package final class Drain: Sendable {
  private struct State {
    var isRequested = false
    var listeners: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  package init() {}

  package var isRequested: Bool { state.withLock { $0.isRequested } }

  package func request() {
    let listeners = state.withLock { state in
      state.isRequested = true
      defer { state.listeners = [] }
      return state.listeners
    }
    for listener in listeners { listener() }
  }

  /// Calls the listener once, when draining is requested; at once when it has been.
  package func onRequest(_ listener: @escaping @Sendable () -> Void) {
    let isRequested = state.withLock { state in
      if !state.isRequested { state.listeners.append(listener) }
      return state.isRequested
    }
    if isRequested { listener() }
  }
}
