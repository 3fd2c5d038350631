internal import Dispatch
internal import Synchronization

/// Runners that wait for a command: started before there is one, and kept when theirs has ended with all that it started.
/// Starting one takes as long as starting the command itself, and is off the critical path this way, and as a rule not done
/// at all.
final class KeptRunners: Sendable {
  private struct State {
    var waiting: [RunnerProcess] = []
    var busyCount = 0
  }

  private let location: RunnerLocation
  private let limit: Int
  private let state = Mutex(State())
  /// How many commands this process has begun.
  static let begun = Atomic(0)

  /// - Parameter limit: so many commands are expected to run at the same time. More may, with runners that are not kept.
  init(at location: RunnerLocation, limit: Int) {
    self.location = location
    self.limit = limit
  }

  deinit {
    for runner in state.withLock({ $0.waiting }) { runner.dismiss() }
  }

  /// Those that wait at this moment.
  var waiting: [RunnerProcess] { state.withLock { $0.waiting } }

  /// Has a runner that waits begin the command, or a new one. To be given back, whatever becomes of it. Throws
  /// `infrastructure`.
  func begin(_ configuration: RunnerConfiguration) async throws -> (runner: RunnerProcess, output: PolledDescriptor) {
    Self.begun.add(1, ordering: .relaxed)
    while let runner = take() {
      do {
        return (runner, try runner.begin(configuration))
      } catch {
        // Somebody killed it while it waited: take another one.
        giveBack(runner, isIdle: false)
      }
    }
    let runner = try await RunnerProcess.spawn(at: location)
    state.withLock { $0.busyCount += 1 }
    do {
      return (runner, try runner.begin(configuration))
    } catch {
      giveBack(runner, isIdle: false)
      throw error
    }
  }

  private func take() -> RunnerProcess? {
    state.withLock { state in
      // The one that ran last: its memory is warm, and it has shown that it lives.
      guard let runner = state.waiting.popLast() else { return nil }
      state.busyCount += 1
      return runner
    }
  }

  /// - Parameter isIdle: nothing is left of its command, so that it can take another one.
  func giveBack(_ runner: RunnerProcess, isIdle: Bool) {
    let isKept = state.withLock { state in
      state.busyCount -= 1
      guard isIdle, state.waiting.count + state.busyCount < limit else { return false }
      state.waiting.append(runner)
      return true
    }
    if !isKept { runner.dismiss() }
  }

  /// A moment that is left to the command that has just begun, before the next runner takes a processor.
  private static let courtesy = DispatchTimeInterval.milliseconds(5)

  /// Starts one more in the background, when none waits. A failure is left to be found by who needs a runner.
  func replenish() {
    guard isShort else { return }
    RunnerProcess.spawning.asyncAfter(deadline: .now() + Self.courtesy) { [weak self] in
      guard let self, isShort, let runner = try? RunnerProcess(at: location) else { return }
      state.withLock { $0.waiting.append(runner) }
    }
  }

  private var isShort: Bool {
    state.withLock { $0.waiting.isEmpty && $0.busyCount < limit }
  }
}
