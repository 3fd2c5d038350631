internal import Dispatch
internal import Synchronization

/// Runners that were started before there is a command for them, which takes half of the time to a command's first
/// instruction off the critical path.
final class SpareRunners: Sendable {
  private let location: RunnerLocation
  private let limit: Int
  private let spares = Mutex<[RunnerProcess]>([])
  /// How many commands this process has begun.
  static let begun = Atomic(0)

  /// Keeps at most `limit` of them, from the first `replenish` on.
  init(at location: RunnerLocation, limit: Int) {
    self.location = location
    self.limit = limit
  }

  deinit {
    for spare in spares.withLock({ $0 }) { spare.dismiss() }
  }

  /// Those that wait at this moment.
  var waiting: [RunnerProcess] { spares.withLock { $0 } }

  /// Has a spare runner begin the command, or a new one. Throws `infrastructure`.
  func begin(_ configuration: RunnerConfiguration) async throws -> RunnerProcess {
    Self.begun.add(1, ordering: .relaxed)
    while let spare = spares.withLock({ $0.popLast() }) {
      do {
        try spare.begin(configuration)
        return spare
      } catch {
        // Somebody killed it while it waited: take another one.
        spare.dismiss()
      }
    }
    let process = try await RunnerProcess.spawn(at: location)
    do {
      try process.begin(configuration)
    } catch {
      process.dismiss()
      throw error
    }
    return process
  }

  /// A moment that is left to the command that has just begun, before the next runner takes a processor.
  private static let courtesy = DispatchTimeInterval.milliseconds(5)

  /// Starts one more, in the background. A failure is left to be found by who needs a runner.
  func replenish() {
    RunnerProcess.spawning.asyncAfter(deadline: .now() + Self.courtesy) { [weak self] in
      guard let self, spares.withLock({ $0.count }) < limit, let spare = try? RunnerProcess(at: location) else {
        return
      }
      spares.withLock { $0.append(spare) }
    }
  }
}
