import Synchronization

/// A clock whose sleeps end when the test says so.
final class SteppedClock: Clock, Sendable {
  typealias Instant = ContinuousClock.Instant

  private struct Sleeper {
    var duration: Duration
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var sleepers: [Int: Sleeper] = [:]
    var next = 0
    var cancelled = 0
  }

  private let state = Mutex(State())

  var now: Instant { ContinuousClock.now }
  var minimumResolution: Duration { .nanoseconds(1) }

  /// How long those that sleep now want to.
  var sleepers: [Duration] { state.withLock { $0.sleepers.values.map(\.duration) } }
  /// How many sleeps were given up.
  var cancelled: Int { state.withLock(\.cancelled) }

  func wakeAll() {
    let sleepers = state.withLock { state in
      defer { state.sleepers = [:] }
      return state.sleepers.values.map(\.continuation)
    }
    for sleeper in sleepers { sleeper.resume() }
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    // Whole milliseconds: the deadline was made from a clock that has moved on since.
    let duration = Duration.milliseconds(Int(((deadline - now) / .milliseconds(1)).rounded()))
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = Task.isCancelled
        state.withLock { state in
          if isCancelled {
            state.cancelled += 1
          } else {
            state.sleepers[number] = Sleeper(duration: duration, continuation: continuation)
          }
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        // Cancelled between the look and the entry: nobody else would wake it.
        if Task.isCancelled { cancel(number) }
      }
    } onCancel: {
      cancel(number)
    }
  }

  private func cancel(_ number: Int) {
    let sleeper = state.withLock { state in
      let sleeper = state.sleepers.removeValue(forKey: number)
      if sleeper != nil { state.cancelled += 1 }
      return sleeper
    }
    sleeper?.continuation.resume(throwing: CancellationError())
  }
}
