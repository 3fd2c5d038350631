internal import Synchronization

/// When a command last wrote something, for the limit on silence.
final class Activity<Instant: InstantProtocol>: Sendable {
  private enum State {
    /// The consumer is busy with output: if the command is silent, the fault is not its own.
    case delivering
    case silent(since: Instant)
  }

  private let state: Mutex<State>

  init(since instant: Instant) {
    state = Mutex(.silent(since: instant))
  }

  /// Output was read and is being delivered.
  func beginDelivery() {
    state.withLock { $0 = .delivering }
  }

  /// Output was delivered: from now on the command may be blamed for silence.
  func endDelivery(at instant: Instant) {
    state.withLock { $0 = .silent(since: instant) }
  }

  /// Since when the command has been silent; `now` if it cannot be blamed.
  func silent(asOf now: Instant) -> Instant {
    state.withLock { state in
      switch state {
      case .delivering: now
      case .silent(let instant): instant
      }
    }
  }
}
