import Model
import Synchronization

/// Lets the triggers of one job through one after the other.
///
/// They all take the job's next number: of several that tried at once all but one would be overtaken and have to begin
/// again. Other processes may still come in between; this only keeps a process out of its own way.
package final class Turns: Sendable {
  /// Who waits, for each job whose turn is taken.
  private let waiting = Mutex<[JobName: [CheckedContinuation<Void, Never>]]>([:])

  package init() {}

  /// Calls `body` while nobody else in this process has the turn of any of these jobs.
  func withTurn<Result>(of jobs: Set<JobName>, _ body: () async throws -> Result) async throws -> Result {
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
