/// A value that arrives once, for one waiter. The first to resolve it wins; later ones are ignored.
final class Promise<Value: Sendable>: Sendable {
  private enum State {
    case empty
    case awaited(CheckedContinuation<Value, Never>)
    case resolved(Value)
  }

  private let state = Locked(State.empty)

  func resolve(_ value: Value) {
    let waiter = state.withLock { state -> CheckedContinuation<Value, Never>? in
      switch state {
      case .empty:
        state = .resolved(value)
        return nil
      case .awaited(let continuation):
        state = .resolved(value)
        return continuation
      case .resolved:
        return nil
      }
    }
    waiter?.resume(returning: value)
  }

  /// Waits for the value, also when the task is cancelled.
  func value() async -> Value {
    await withCheckedContinuation { continuation in
      let value = state.withLock { state -> Value? in
        if case .resolved(let value) = state { return value }
        state = .awaited(continuation)
        return nil
      }
      if let value { continuation.resume(returning: value) }
    }
  }

  /// Waits for the value; a cancelled task resolves it itself, at once.
  func value(whenCancelled substitute: Value) async -> Value {
    await withTaskCancellationHandler {
      await value()
    } onCancel: {
      resolve(substitute)
    }
  }
}
