internal import Glibc
internal import Synchronization

/// A descriptor whose readability can be awaited, by one task at a time. Owns the descriptor.
final class PolledDescriptor: Sendable {
  private enum State {
    case idle
    case waiting(CheckedContinuation<Void, Never>)
    case released
  }

  let number: Int32
  private let state = Mutex(State.idle)

  /// Takes ownership of an open descriptor.
  init(_ number: Int32) {
    self.number = number
    Poller.shared.add(self)
  }

  /// Returns as soon as a read would not block (there is data, or the end), and at once after `release`.
  func readable() async {
    await withCheckedContinuation { continuation in
      let isWaiting = state.withLock { state in
        if case .released = state { return false }
        state = .waiting(continuation)
        return true
      }
      if isWaiting { Poller.shared.arm(self) } else { continuation.resume() }
    }
  }

  /// Nobody shall wait here again: resumes who does.
  func release() {
    wake(then: .released)
  }

  /// Whether `release` was called.
  var isReleased: Bool {
    state.withLock { state in
      if case .released = state { true } else { false }
    }
  }

  /// The poller found the descriptor readable.
  func becameReadable() {
    wake(then: .idle)
  }

  /// Closes the descriptor. Exactly once, and not while somebody uses its number.
  func close() {
    Poller.shared.remove(self)
    release()
    Glibc.close(number)
  }

  private func wake(then next: State) {
    let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
      switch state {
      case .released:
        return nil
      case .idle:
        state = next
        return nil
      case .waiting(let continuation):
        state = next
        return continuation
      }
    }
    waiting?.resume()
  }
}
