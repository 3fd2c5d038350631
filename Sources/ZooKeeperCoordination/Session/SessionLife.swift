internal import Coordination

/// Where a session stands, and who waits for it to move on.
final class SessionLife: Sendable {
  private enum Phase {
    /// Not connected yet, or not at present.
    case away
    case connected
    case ended
  }

  private enum Wake {
    case connected
    case ended
    case cancelled
  }

  private struct State {
    var phase = Phase.away
    var id = SessionID(rawValue: 0)
    var timeout = Duration.zero
    /// One more with every change of phase, so that a deadline knows whether it is still meant.
    var epoch = 0
    var waitingForConnection: [Int: Promise<Wake>] = [:]
    var waitingForEnd: [Int: Promise<Void>] = [:]
    var nextWaiter = 0

    mutating func newWaiter() -> Int {
      nextWaiter += 1
      return nextWaiter
    }
  }

  private let state = Locked(State())

  var id: SessionID { state.withLock { $0.id } }

  /// The last one negotiated.
  var timeout: Duration { state.withLock { $0.timeout } }

  var isConnected: Bool { state.withLock { $0.phase == .connected } }

  // MARK: Moves

  func connected(as id: SessionID, timeout: Duration) {
    let waiters = state.withLock { state -> [Promise<Wake>] in
      guard state.phase != .ended else { return [] }
      state.phase = .connected
      state.id = id
      state.timeout = timeout
      state.epoch += 1
      defer { state.waitingForConnection = [:] }
      return Array(state.waitingForConnection.values)
    }
    for waiter in waiters { waiter.resolve(.connected) }
  }

  /// - Returns: how long the session may stay away, and the epoch of this absence; `nil` if it was away or over already.
  func disconnected() -> (epoch: Int, timeout: Duration)? {
    state.withLock { state in
      guard state.phase == .connected else { return nil }
      state.phase = .away
      state.epoch += 1
      return (state.epoch, state.timeout)
    }
  }

  /// - Parameter epoch: end only if it is still this epoch.
  /// - Returns: whether the session has ended by this call.
  func end(ifStill epoch: Int? = nil) -> Bool {
    let woken = state.withLock { state -> ([Promise<Wake>], [Promise<Void>])? in
      guard state.phase != .ended, epoch == nil || epoch == state.epoch else { return nil }
      state.phase = .ended
      state.epoch += 1
      defer {
        state.waitingForConnection = [:]
        state.waitingForEnd = [:]
      }
      return (Array(state.waitingForConnection.values), Array(state.waitingForEnd.values))
    }
    guard let woken else { return false }
    for waiter in woken.0 { waiter.resolve(.ended) }
    for waiter in woken.1 { waiter.resolve(()) }
    return true
  }

  // MARK: Waits

  /// Returns when there is a connection.
  ///
  /// - Parameter cancellable: `false` where the caller must come to an end although its task is cancelled.
  /// - Throws: ``CoordinationError`` with `sessionEnded`, or `CancellationError`.
  func awaitConnection(cancellable: Bool) async throws {
    let waiter = try state.withLock { state -> (Int, Promise<Wake>)? in
      switch state.phase {
      case .connected: return nil
      case .ended: throw SessionLife.over
      case .away:
        let waiter = (state.newWaiter(), Promise<Wake>())
        state.waitingForConnection[waiter.0] = waiter.1
        return waiter
      }
    }
    guard let (number, promise) = waiter else { return }
    let wake = cancellable ? await promise.value(whenCancelled: .cancelled) : await promise.value()
    switch wake {
    case .connected: return
    case .ended: throw SessionLife.over
    case .cancelled:
      _ = state.withLock { $0.waitingForConnection.removeValue(forKey: number) }
      throw CancellationError()
    }
  }

  /// Returns when the session is over, or the task is cancelled.
  func awaitEnd() async {
    let waiter = state.withLock { state -> (Int, Promise<Void>)? in
      guard state.phase != .ended else { return nil }
      let waiter = (state.newWaiter(), Promise<Void>())
      state.waitingForEnd[waiter.0] = waiter.1
      return waiter
    }
    guard let (number, promise) = waiter else { return }
    await promise.value(whenCancelled: ())
    _ = state.withLock { $0.waitingForEnd.removeValue(forKey: number) }
  }

  private static var over: CoordinationError {
    CoordinationError(.sessionEnded, message: "the ZooKeeper session is over; open another")
  }
}
