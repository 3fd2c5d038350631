import Coordination
import Logging
import Model

/// Calls something for each job when its time has come. Sleeps until then, or until a list of times has changed; reads nothing
/// in between.
struct JobAlarms: Sendable {
  /// Written whenever the times of a job are changed by somebody else.
  let list: NodePath
  let session: any CoordinationSession
  let clock: any Clock<Duration>
  let now: @Sendable () -> Timestamp
  let logger: Logger
  /// So many jobs are called for at a time.
  let lanes: Int
  /// When each job is due.
  let times: @Sendable () async throws -> [JobName: Timestamp]
  /// Does what is due for a job; says when it is due next.
  let call: @Sendable (JobName) async throws -> Timestamp?

  private enum Occasion { case changed, due }

  /// After something went wrong.
  private static let pause = Duration.seconds(1)

  /// Goes on until it is cancelled or the session ends.
  func run() async throws {
    let (rounds, feed) = AsyncStream.makeStream(of: Occasion.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await _ in session.watch(list) { feed.yield(.changed) }
        feed.finish()
      }
      group.addTask { try await play(rounds, feed) }
      for try await _ in group {}
    }
  }

  private func play(_ rounds: AsyncStream<Occasion>, _ feed: AsyncStream<Occasion>.Continuation) async throws {
    // Unstructured, because a change ends the sleep without ending the loop.
    var alarm: Task<Void, any Error>?
    defer { alarm?.cancel() }
    var due: [JobName: Timestamp] = [:]
    for await occasion in rounds {
      alarm?.cancel()
      var next = occasion
      var rest: Duration?
      do {
        if occasion == .changed { due = try await times() }
        try await callDue(&due)
        next = .due
        // The wall clock may be set while the loop sleeps by another.
        rest = due.values.min().map { min(max($0.since(now()), .milliseconds(1)), TimerLoop.longestSleep) }
      } catch {
        try refuse(error)
        rest = Self.pause
      }
      guard let rest else { continue }
      alarm = Task { [clock, next] in
        try await clock.sleep(for: rest)
        feed.yield(next)
      }
    }
  }

  private func callDue(_ due: inout [JobName: Timestamp]) async throws {
    let time = now()
    var jobs = due.filter { $0.value <= time }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)[...]
    try await withThrowingTaskGroup(of: (JobName, Timestamp?).self) { group in
      for job in jobs.prefix(lanes) { group.addTask { (job, try await called(job)) } }
      jobs = jobs.dropFirst(lanes)
      while let (job, next) = try await group.next() {
        due[job] = next
        if let job = jobs.popFirst() { group.addTask { (job, try await called(job)) } }
      }
    }
  }

  /// One that goes wrong keeps no other from its turn.
  private func called(_ job: JobName) async throws -> Timestamp? {
    do {
      return try await call(job)
    } catch {
      try refuse(error)
      return now().adding(Self.pause)
    }
  }

  /// - Throws: the error, when the loop cannot go on.
  private func refuse(_ error: any Error) throws {
    if error is CancellationError { throw error }
    if let error = error as? CoordinationError, error.code == .sessionEnded { throw error }
    logger.error("What is due cannot be done now; trying again", metadata: ["error": "\(error)"])
  }
}
