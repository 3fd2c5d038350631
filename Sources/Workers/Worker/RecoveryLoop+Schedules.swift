import Coordination
import Model
import SharedRepository

/// Schedules are fired by who recovers what lost workers held: there is always one, and it needs nothing but the stores.
extension RecoveryLoop {
  func fireSchedules() async throws {
    try await JobAlarms(
      list: NodeMap.schedules, session: repository.session, clock: clock, now: repository.now, logger: logger, lanes: 1,
      times: { try await repository.dueSchedules() }, call: { try await repository.fireSchedules(of: $0) }
    ).run()
  }
}

/// Now and then, brings what waits for the time in line with the job files: whoever applied or deleted a job may have been lost
/// half-way.
struct ClockSweep {
  let repository: SharedRepository
  private var round = 0

  /// Of so many sweeps, one.
  private static let rounds = 6

  init(repository: SharedRepository) {
    self.repository = repository
  }

  mutating func step() async throws {
    defer { round += 1 }
    if round.isMultiple(of: Self.rounds) { try await repository.settleClockTriggers() }
  }
}
