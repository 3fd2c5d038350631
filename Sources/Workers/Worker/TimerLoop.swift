import Coordination
import Logging
import Model

/// Fires the timers while its process holds the role of recovery. Sleeps until the next one is due, or a new one is set; does
/// nothing at all while there is none.
struct TimerLoop: Sendable {
  let timers: Timers
  let session: any CoordinationSession
  let clock: any Clock<Duration>
  let now: @Sendable () -> Timestamp
  let logger: Logger

  /// The wall clock may be set while the loop sleeps by another: no timer is later than this for that.
  static let longestSleep = RecoveryLoop.sweepInterval

  func run() async throws {
    try await session.createAll(NodeMap.timers)
    let (rounds, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await _ in session.watch(NodeMap.timers) { feed.yield() }
        feed.finish()
      }
      group.addTask { try await fire(rounds, feed) }
      for try await _ in group {}
    }
  }

  /// A round for each change, and one when the time comes that the round before it named.
  private func fire(_ rounds: AsyncStream<Void>, _ feed: AsyncStream<Void>.Continuation) async throws {
    // Unstructured, because a change ends the sleep without ending the loop.
    var alarm: Task<Void, any Error>?
    defer { alarm?.cancel() }
    for await _ in rounds {
      alarm?.cancel()
      guard let pause = try await round() else { continue }
      alarm = Task { [clock] in
        try await clock.sleep(for: pause)
        feed.yield()
      }
    }
  }

  /// - Returns: how long to sleep; `nil` when there is no timer.
  private func round() async throws -> Duration? {
    do {
      return try await timers.fireDue().map { min(max($0.since(now()), .milliseconds(1)), Self.longestSleep) }
    } catch let error as CoordinationError where error.code == .sessionEnded {
      throw error
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      logger.error("A timer cannot be fired now; trying again", metadata: ["error": "\(error)"])
      return .seconds(1)
    }
  }
}
