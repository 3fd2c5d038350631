import Coordination
import Execution
import Glibc
import Logging
import Model
import Synchronization

/// A worker process in a seat, started again whenever it ends unasked, until it is told to drain.
final class Tenant: Sendable {
  let held: HeldSeat
  private let start: @Sendable (HeldSeat) async throws -> SupervisedProcess
  private let clock: PoolClock
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var process: SupervisedProcess?
    var worker: WorkerID?
    var isDraining = false
    /// The pause before the next start, while there is one.
    var pause: Task<Void, Never>?
  }

  init(
    _ held: HeldSeat, clock: PoolClock, logger: Logger,
    start: @escaping @Sendable (HeldSeat) async throws -> SupervisedProcess
  ) {
    self.held = held
    self.start = start
    self.clock = clock
    self.logger = logger
  }

  var seat: SeatID { held.seat }
  var isDraining: Bool { state.withLock { $0.isDraining } }
  /// What the process is called among the workers; `nil` until it has said so.
  var worker: WorkerID? { state.withLock { $0.worker } }

  /// Has the process end when it has finished what it has, and none come after it.
  func drain() {
    let (process, pause) = state.withLock { state in
      state.isDraining = true
      return (state.process, state.pause)
    }
    process?.signal(SIGTERM)
    pause?.cancel()
  }

  /// Returns when the tenant has drained, and its last process has ended.
  ///
  /// - Parameter buried: called at once with each worker that has ended.
  func run(buried: @Sendable (WorkerID) async -> Void) async {
    var pause = RestartPause()
    while !isDraining {
      let born = clock.now
      let end = await runOnce()
      let worker = state.withLock { state in
        defer { (state.process, state.worker) = (nil, nil) }
        return state.worker
      }
      if let worker { await buried(worker) }
      if isDraining { return }
      let wait = pause.next(after: clock.now - born)
      logger.warning(
        "A slot's process ended unasked; it is started again",
        metadata: ["seat": "\(seat)", "end": "\(end)", "after": "\(wait)"])
      if wait > .zero { await sleep(wait) }
    }
  }

  /// - Returns: how the process ended, for people.
  private func runOnce() async -> String {
    do {
      let process = try await start(held)
      let isDraining = state.withLock { state in
        state.process = process
        return state.isDraining
      }
      if isDraining { process.signal(SIGTERM) }
      let end = await process.run { name in
        self.state.withLock { $0.worker = WorkerID(rawValue: name) }
      }
      return end.description
    } catch {
      return "\(error)"
    }
  }

  /// Waits, but not past the moment at which the tenant is to drain.
  private func sleep(_ time: Duration) async {
    let pause = Task { [clock] in
      // Cancelled is over, too.
      _ = try? await clock.sleep(for: time)
    }
    let isDraining = state.withLock { state in
      state.pause = pause
      return state.isDraining
    }
    if isDraining { pause.cancel() }
    await pause.value
    state.withLock { $0.pause = nil }
  }
}
