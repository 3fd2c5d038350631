import Foundation
import Simulation
import Synchronization

/// Many seeds, over several processes side by side.
struct SeedRuns {
  let range: ClosedRange<UInt64>
  let jobs: Int
  let mutant: Mutant?
  let prints: Bool

  /// - Returns: whether none went wrong.
  func run() async throws -> Bool {
    let tally = Tally(total: range.count, isQuiet: prints)
    let replay = mutant.map { " --mutant \($0.rawValue)" } ?? ""
    var starts = stride(from: range.lowerBound, through: range.upperBound, by: Int(ChildProcess.seedsAtOnce))
      .makeIterator()
    try await withThrowingTaskGroup(of: Void.self) { group in
      func next() {
        guard let start = starts.next() else { return }
        let some = start...min(start + ChildProcess.seedsAtOnce - 1, range.upperBound)
        group.addTask {
          let ended = try await ChildProcess.run(some, mutant: mutant, prints: prints) {
            tally.take($0, replay: replay)
          } _: {
            print($0)
          }
          if let ended { tally.crashed(ended, some, replay: replay) }
        }
      }
      for _ in 0..<jobs { next() }
      while try await group.next() != nil { next() }
    }
    return tally.finish()
  }
}

/// Counts what seeds came to, and says so.
private final class Tally: Sendable {
  private struct State {
    var done = 0
    var failed: [UInt64] = []
    var simulated = 0
    var steps = 0
    var last: UInt64?
  }

  private let state = Mutex(State())
  private let total: Int
  private let isQuiet: Bool
  private let begin = ContinuousClock.now

  init(total: Int, isQuiet: Bool) {
    self.total = total
    self.isQuiet = isQuiet
  }

  func take(_ line: ChildProcess.Line, replay: String) {
    let done = state.withLock { state in
      state.done += 1
      state.simulated += line.milliseconds
      state.steps += line.steps
      if !line.problems.isEmpty { state.failed.append(line.seed) }
      return state.done
    }
    if !line.problems.isEmpty {
      print("seed \(line.seed): \(line.problems)\n  replay: distci-sim --seed \(line.seed)\(replay) --trace")
    }
    if done.isMultiple(of: 1_000), !isQuiet { print(progress) }
  }

  func crashed(_ message: String, _ range: ClosedRange<UInt64>, replay: String) {
    print(
      "\(message)\n  find the seed: distci-sim --from \(range.lowerBound) --seeds \(range.count)\(replay) --is-child")
    state.withLock { $0.failed.append(range.lowerBound) }
  }

  /// - Returns: whether all went well.
  func finish() -> Bool {
    print(progress)
    return state.withLock { $0.failed.isEmpty && $0.done == total }
  }

  private var progress: String {
    let now = ContinuousClock.now
    return state.withLock { state in
      let seconds = Int((now - begin).components.seconds)
      return "\(state.done) of \(total) seeds in \(seconds) s: \(state.failed.count) went wrong; "
        + "\(state.simulated / 60_000) minutes simulated, \(state.steps) steps"
    }
  }
}
