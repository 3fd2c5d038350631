import Dispatch
import ObjectStorage

/// Runs blocking work on a bounded number of threads of its own, so that a slow disk never holds up the threads that
/// asynchronous code runs on.
final class BlockingQueue: Sendable {
  private typealias Work = @Sendable () -> Void

  private struct State {
    var idle: [Int]
    var waiting: [Work] = []
  }

  /// Serial queues, as only these get a thread at once: a concurrent one waits while all cores' threads block.
  private let lanes: [DispatchQueue]
  private let state: Locked<State>

  init(label: String, width: Int) {
    lanes = (0..<width).map { DispatchQueue(label: "\(label).\($0)") }
    state = Locked(State(idle: Array(0..<width)))
  }

  /// Runs to its end also when the task is cancelled: what was begun on disk is finished.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      submit { continuation.resume(with: Result(catching: work)) }
    }
  }

  private func submit(_ work: @escaping Work) {
    let lane = state.withLock { state in
      state.waiting.append(work)
      return state.idle.popLast()
    }
    if let lane { lanes[lane].async { self.drain(lane) } }
  }

  private func drain(_ lane: Int) {
    while let work = next(lane) { work() }
  }

  private func next(_ lane: Int) -> Work? {
    state.withLock { state in
      if state.waiting.isEmpty {
        state.idle.append(lane)
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
