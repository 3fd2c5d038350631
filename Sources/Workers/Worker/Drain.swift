import Synchronization

/// A worker's wish to end. First it takes no new tickets; then, if that takes too long, it gives back those that it has.
package final class Drain: Sendable {
  package enum Stage: Int, Sendable, Comparable {
    case working, finishing, handingBack

    package static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
  }

  private struct State {
    var stage = Stage.working
    var listeners: [@Sendable (Stage) -> Void] = []
  }

  private let state = Mutex(State())

  package init() {}

  package var stage: Stage { state.withLock { $0.stage } }

  /// Goes on to a later stage.
  package func advance(to stage: Stage) {
    let listeners = state.withLock { state in
      guard stage > state.stage else { return [] as [@Sendable (Stage) -> Void] }
      state.stage = stage
      return state.listeners
    }
    for listener in listeners { listener(stage) }
  }

  /// Calls the listener at every later stage, and at once when one has been reached.
  package func onChange(_ listener: @escaping @Sendable (Stage) -> Void) {
    let stage = state.withLock { state in
      state.listeners.append(listener)
      return state.stage
    }
    if stage > .working { listener(stage) }
  }
}
