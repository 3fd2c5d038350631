import Coordination
import Logging
import Model
import SharedRepository

/// Waits for the role of who looks at repositories, and plays it: one process at a time looks, with the passwords and
/// permissions of a worker that checks repositories out.
struct PollLoop: Sendable {
  let repository: SharedRepository
  let source: any BranchSource
  let clock: any Clock<Duration>
  let logger: Logger

  /// So many servers are asked at a time.
  private static let lanes = 4

  /// Goes on until it is cancelled or the session ends.
  func run() async throws {
    let session = repository.session
    while true {
      do {
        try await Election(session: session, role: NodeMap.pollingRole, holder: session.id.description).hold {
          try await alarms.run()
        }
      } catch let error as CoordinationError where error.code != .sessionEnded {
        logger.error("Repositories cannot be looked at now; trying again", metadata: ["error": "\(error)"])
      }
      try await clock.sleep(for: .seconds(1))
    }
  }

  private var alarms: JobAlarms {
    JobAlarms(
      list: NodeMap.polls, session: repository.session, clock: clock, now: repository.now, logger: logger,
      lanes: Self.lanes, times: { try await repository.duePolls() }, call: { try await look(for: $0) })
  }

  /// Looks at the repositories of a job whose time has come.
  ///
  /// - Returns: when to look next.
  private func look(for job: JobName) async throws -> Timestamp? {
    let time = repository.now()
    for state in try await repository.pollRecord(of: job)?.states ?? [] where state.due <= time {
      do {
        let found = try await source.branches(for: state.trigger)
        try await repository.take(found, of: state.trigger, for: job)
      } catch let error as BranchesUnseen {
        logger.notice("A repository cannot be seen", metadata: ["job": "\(job)", "reason": "\(error.reason)"])
        try await repository.fail(state.trigger, of: job, because: error.reason)
      }
    }
    return try await repository.pollRecord(of: job)?.due
  }
}
