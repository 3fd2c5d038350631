import LocalThreads
import Synchronization

/// Why work that has begun must stop.
package enum StopReason: Hashable, Sendable {
  /// The build was cancelled.
  case cancelled(by: String)
  /// The claim belongs to nobody or somebody else now: nothing that was done counts.
  case lost
  /// The worker ends before the work does: it is given back.
  case handBack
}

/// Tells work that has begun to stop, once.
package final class WorkStop: Sendable {
  private struct State {
    var reason: StopReason?
    var handler: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  /// The first reason that was given.
  package var reason: StopReason? { state.withLock { $0.reason } }

  package func stop(_ reason: StopReason) {
    let handler = state.withLock { state in
      guard state.reason == nil else { return nil as (@Sendable () -> Void)? }
      state.reason = reason
      return state.handler
    }
    handler?()
  }

  /// Calls the handler when the work is to stop; at once when that is already so.
  package func onStop(_ handler: @escaping @Sendable () -> Void) {
    let isStopped = state.withLock { state in
      state.handler = handler
      return state.reason != nil
    }
    if isStopped { handler() }
  }

  /// Has work done in a Swift task of its own, so that stopping it leaves whoever reports on it alone. It begins at once, on the
  /// caller's thread, but not at all when it is to stop already.
  package func performing<Success: Sendable>(
    _ work: @escaping @Sendable () async throws -> Success
  ) async -> Result<Success, any Error> {
    guard reason == nil else { return .failure(CancellationError()) }
    let task = StoreThreads.immediate { try await work() }
    onStop { task.cancel() }
    return await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
  }
}
