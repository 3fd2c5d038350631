package import Model
import Synchronization

/// Lets the triggers of one job through one after the other.
///
/// They all take the job's next number: of several that tried at once all but one would be overtaken and have to begin
/// again. Other processes may still come in between; this only keeps a process out of its own way.
///
/// Where stores are slow, so many may come that the last would wait for minutes. Of those who ask with ``checkRoom(for:)``,
/// only ``mostWaiting`` are let wait for a job; one more is told at once to come back.
package final class Turns: Sendable {
  /// At some milliseconds a trigger, the last one waits for less than a second.
  package static let mostWaiting = 128

  /// Who waits, for each job whose turn is taken.
  private let waiting = Mutex<[JobName: [CheckedContinuation<Void, Never>]]>([:])

  let starts = WaitingStarts()

  package init() {}

  /// To be asked before anything is done that somebody else may finish.
  ///
  /// - Throws: ``RepositoryError`` with `unavailable` when too many wait already.
  package func checkRoom(for jobs: Set<JobName>) throws(RepositoryError) {
    let full = waiting.withLock { waiting in
      jobs.sorted().first { waiting[$0].map { $0.count >= Self.mostWaiting } ?? false }
    }
    guard let full else { return }
    throw RepositoryError(
      .unavailable, "\(Self.mostWaiting) triggers of \(full) wait already", remedy: "try again in a moment")
  }

  /// Calls `body` while nobody else in this process has the turn of any of these jobs.
  package func withTurn<Result>(of jobs: Set<JobName>, _ body: () async throws -> Result) async throws -> Result {
    // In one order, so that two who want the same jobs do not wait for each other.
    let order = jobs.sorted()
    for job in order { await take(job) }
    defer { for job in order { giveUp(job) } }
    try Task.checkCancellation()
    return try await body()
  }

  private func take(_ job: JobName) async {
    await withCheckedContinuation { continuation in
      let isFree = waiting.withLock { waiting in
        guard waiting[job] != nil else {
          waiting[job] = []
          return true
        }
        waiting[job]?.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  private func giveUp(_ job: JobName) {
    let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
      guard waiting[job]?.isEmpty == false else {
        waiting[job] = nil
        return nil
      }
      return waiting[job]?.removeFirst()
    }
    next?.resume()
  }
}
