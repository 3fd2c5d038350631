import Synchronization

/// A worker's wish to end. First it takes no new tickets; then, if that takes too long, it gives back those that it has.
package final class Drain: Sendable {
  package enum Stage: Int, Sendable, Comparable {
    case working, finishing, handingBack

    package static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
  }

  private struct State {
    var stage = Stage.working
    var listeners: [Int: @Sendable (Stage) -> Void] = [:]
    var lastListener = 0
  }

  private let state = Mutex(State())

  package init() {}

  package var stage: Stage { state.withLock { $0.stage } }

  /// Goes on to a later stage.
  package func advance(to stage: Stage) {
    let listeners = state.withLock { state in
      guard stage > state.stage else { return [] as [@Sendable (Stage) -> Void] }
      state.stage = stage
      return state.listeners.sorted { $0.key < $1.key }.map(\.value)
    }
    for listener in listeners { listener(stage) }
  }

  /// Calls the listener at every later stage, and at once when one has been reached, as long as the body runs.
  package func withListener(
    _ listener: @escaping @Sendable (Stage) -> Void, _ body: () async throws -> Void
  ) async throws {
    let (number, stage) = state.withLock { state in
      state.lastListener += 1
      state.listeners[state.lastListener] = listener
      return (state.lastListener, state.stage)
    }
    defer { _ = state.withLock { $0.listeners.removeValue(forKey: number) } }
    if stage > .working { listener(stage) }
    try await body()
  }
}
