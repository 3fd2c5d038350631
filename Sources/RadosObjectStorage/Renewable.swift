import ObjectStorage

/// A resource in use, which is exchanged for a new one when it is suspected to hang.
///
/// It is there for connections to a cluster. When OSDs were killed and came back at the same addresses, librados (16.2) now
/// and then went on to send operations into a connection at whose other end nobody was: they timed out for ever, while
/// every new client was served at once.
final class Renewable<Resource: AnyObject & Sendable>: Sendable {
  private struct State {
    var current: Resource
    var isRenewing = false
    var isClosed = false
    /// Whether users wait for what is being made.
    var isAwaited = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// Ends when all that was ever replaced has been put away.
    var renewals: Task<Void, Never>?
  }

  private let state: Locked<State>
  private let make: @Sendable () async throws -> Resource
  private let putAway: @Sendable (Resource) async -> Void
  private let patience: @Sendable () async -> Void

  /// - Parameters:
  ///   - make: makes another one. While it cannot, the current one stays in use.
  ///   - putAway: ends one that nobody begins to use any more; some may be using it still.
  ///   - patience: returns when users have waited long enough for another one to be made.
  init(
    _ first: Resource, making make: @escaping @Sendable () async throws -> Resource,
    puttingAway putAway: @escaping @Sendable (Resource) async -> Void,
    patience: @escaping @Sendable () async -> Void
  ) {
    state = Locked(State(current: first))
    self.make = make
    self.putAway = putAway
    self.patience = patience
  }

  /// What is to be used now. While another one is being made it would be a pity to begin with one that may hang.
  var current: Resource {
    get async {
      if state.withLock({ $0.isAwaited }) { await wait() }
      return state.withLock { $0.current }
    }
  }

  /// Has it replaced, unless that has happened or is under way.
  func suspect(_ resource: Resource) {
    state.withLock { state in
      guard state.current === resource, !state.isRenewing, !state.isClosed else { return }
      state.isRenewing = true
      state.isAwaited = true
      let patience = Task {
        await self.patience()
        if !Task.isCancelled { self.release() }
      }
      state.renewals = Task { [earlier = state.renewals] in
        let replaced = await self.renew()
        patience.cancel()
        self.release()
        if let replaced { await self.putAway(replaced) }
        await earlier?.value
      }
    }
  }

  /// Puts away all there is.
  func close() async {
    let renewals = state.withLock { state in
      state.isClosed = true
      return state.renewals
    }
    await renewals?.value
    await putAway(state.withLock { $0.current })
  }

  private func wait() async {
    await withCheckedContinuation { continuation in
      let isAwaited = state.withLock { state in
        if state.isAwaited { state.waiting.append(continuation) }
        return state.isAwaited
      }
      if !isAwaited { continuation.resume() }
    }
  }

  private func release() {
    let waiting = state.withLock { state in
      defer { (state.isAwaited, state.waiting) = (false, []) }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// - Returns: what is not to be used any more.
  private func renew() async -> Resource? {
    let fresh = try? await make()
    return state.withLock { state in
      state.isRenewing = false
      guard let fresh else { return nil }
      if state.isClosed { return fresh }
      defer { state.current = fresh }
      return state.current
    }
  }
}
