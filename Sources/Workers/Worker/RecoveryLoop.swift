import Coordination
import Logging
import Model
import SharedRepository

/// Waits for the role that recovers what lost workers held, and plays it: at every change among the workers, and slowly
/// besides, for what no event tells.
struct RecoveryLoop: Sendable {
  let repository: SharedRepository
  let clock: any Clock<Duration>
  let logger: Logger

  static let sweepInterval = Duration.seconds(10)
  /// Before what went wrong is tried again.
  private static let moment = Duration.seconds(1)

  /// Goes on until it is cancelled or the session ends.
  func run() async throws {
    while true {
      // A candidate that gave up because of a moment's trouble with the store would leave the role to others, or to nobody.
      try await attempt(play)
      try await clock.sleep(for: Self.moment)
    }
  }

  private func play() async throws {
    try await Election(session: session, role: "recovery", holder: session.id.description).hold {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await recoverTheLost() }
        group.addTask {
          var deliveries = DeliverySweep(session: session, now: now)
          var groups = GroupSweep(session: session, now: now)
          var environments = EnvironmentSweep(session: session, now: now)
          var joins = JoinSweep(session: session, now: now)
          var pulls = PullSweep(session: session, now: now)
          var folders = FolderSweep(session: session, now: now)
          var clocks = ClockSweep(repository: repository)
          let artifacts = ArtifactSweep(repository: repository)
          // What an earlier holder of the role left undone.
          try await sweep()
          while true {
            try await attempt { try await clocks.step() }
            try await clock.sleep(for: RecoveryLoop.sweepInterval)
            try await sweep()
            try await attempt { try await deliveries.step() }
            try await attempt { try await groups.step() }
            try await attempt { try await environments.step() }
            try await attempt { try await joins.step() }
            try await attempt { try await pulls.next() }
            try await attempt { try await folders.next() }
            try await attempt { try await artifacts.step() }
          }
        }
        group.addTask {
          let timers = Timers(session: session, now: now)
          try await TimerLoop(timers: timers, session: session, clock: clock, now: now, logger: logger).run()
        }
        group.addTask { try await fireSchedules() }
        // Not waitForAll(), which would wait for the others first when one of them cannot go on.
        for try await _ in group {}
      }
    }
  }

  /// Recovers what workers held as soon as they are gone. Where that goes wrong, it is tried once more a moment later: the next
  /// sweep may be far.
  private func recoverTheLost() async throws {
    let failed = PendingBuckets()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await WorkerChanges(session: session).forEach { bucket in
          if try await !recover(bucket) { failed.add(bucket) }
        }
      }
      group.addTask {
        for try await _ in failed.signal {
          try await clock.sleep(for: Self.moment)
          for bucket in failed.take() { try await recover(bucket) }
        }
      }
      for try await _ in group {}
    }
  }

  @discardableResult
  private func recover(_ bucket: String) async throws -> Bool {
    try await attempt { report(try await recovery.sweep(bucket: bucket)) }
  }

  /// Does one round. Whatever is wrong with a node, or with the store for the moment, the next round comes.
  ///
  /// - Returns: whether all went well.
  @discardableResult
  private func attempt(_ round: () async throws -> Void) async throws -> Bool {
    do {
      try await round()
      return true
    } catch let error as CoordinationError where error.code == .sessionEnded {
      throw error
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      logger.error("A round of recovery went wrong; the next one comes", metadata: ["error": "\(error)"])
      return false
    }
  }

  private var session: any CoordinationSession { repository.session }
  private var now: @Sendable () -> Timestamp { repository.now }

  private var recovery: Recovery { Recovery(session: session, hints: repository.hints, now: now) }

  private func sweep() async throws {
    try await attempt { report(try await recovery.sweep()) }
    try await attempt { try await recovery.offerQueued() }
    try await attempt { try await repository.finishResuming() }
  }

  private func report(_ recovered: [SlotID]) {
    for slot in recovered {
      logger.notice("Took back the ticket of a lost worker", metadata: ["slot": "\(slot)"])
    }
  }
}
