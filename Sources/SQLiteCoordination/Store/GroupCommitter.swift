import Coordination
import Dispatch
import GRDB
import LocalThreads
import SQLiteQueries
import Synchronization

/// Makes one commit of all the work that waits: what is waiting while the disk is busy shares the next flush. One thread
/// writes; each job stands or falls by itself.
final class GroupCommitter: Sendable {
  private struct State {
    var waiting: [any WriteJob] = []
    var isDraining = false
    var committed: (@Sendable (Commit) -> Void)?
  }

  /// So that one commit stays below a few milliseconds of the lock that all processes share.
  private static let jobsPerCommit = 128

  private let database: DatabasePool
  private let remembered: RememberedNodes
  private let state = Mutex(State())

  /// - Parameter remembered: is told of every commit before anybody can see it.
  init(database: DatabasePool, remembered: RememberedNodes) {
    self.database = database
    self.remembered = remembered
  }

  /// Called after each commit that changed something, before those who wait for it are told.
  var committed: (@Sendable (Commit) -> Void)? {
    get { state.withLock { $0.committed } }
    set { state.withLock { $0.committed = newValue } }
  }

  func submit(_ job: any WriteJob) {
    let isFirst = state.withLock { state in
      state.waiting.append(job)
      defer { state.isDraining = true }
      return !state.isDraining
    }
    guard isFirst else { return }
    // Where nobody else wants the thread, waiting for the disk on it is quicker than two turns between threads.
    if StoreThreads.isQuiet, !database.writeWithoutTransaction(performFirst) { return }
    database.asyncWriteWithoutTransaction { self.drain($0) }
  }

  /// - Returns: whether more has come meanwhile.
  private func performFirst(_ database: Database) -> Bool {
    if let jobs = nextJobs() { perform(jobs, in: database) }
    return state.withLock { state in
      state.isDraining = !state.waiting.isEmpty
      return state.isDraining
    }
  }

  /// Blocks the calling thread until the job is done.
  func performAndWait(_ job: any WriteJob) throws {
    let waiting = BlockingJob(job)
    submit(waiting)
    try waiting.wait()
  }

  private func drain(_ database: Database) {
    while let jobs = nextJobs() { perform(jobs, in: database) }
  }

  private func nextJobs() -> [any WriteJob]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isDraining = false
        return nil
      }
      let jobs = Array(state.waiting.prefix(Self.jobsPerCommit))
      state.waiting.removeFirst(jobs.count)
      return jobs
    }
  }

  private func perform(_ jobs: [any WriteJob], in database: Database) {
    var commit: Commit?
    do {
      var failures: [(any Error)?] = []
      try database.inImmediateTransaction {
        var transaction = try WriteTransaction(database: database)
        if jobs.count == 1 {
          failures = [try attemptAlone(jobs[0], in: &transaction)]
        } else {
          failures = try jobs.map { try attempt($0, in: &transaction) }
        }
        guard transaction.hasChanges, jobs.count > 1 || failures[0] == nil else { return .rollback }
        let made = try transaction.finish()
        remembered.begin(made)
        commit = made
        return .commit
      }
      if let commit {
        remembered.end(commit)
        committed?(commit)
      }
      for (job, failure) in zip(jobs, failures) { job.finish(failure) }
    } catch let error as DatabaseError {
      let failure = commit != nil ? CoordinationError(atCommit: error) : CoordinationError(error)
      // What the log holds twice over is room for the next attempt.
      if failure.code == .noSpace { _ = try? database.checkpoint(.passive) }
      for job in jobs { job.finish(failure) }
    } catch {
      for job in jobs { job.finish(error) }
    }
  }

  /// Performs a job that has the commit for itself, which is not made when the job fails.
  private func attemptAlone(_ job: any WriteJob, in transaction: inout WriteTransaction) throws -> (any Error)? {
    do {
      try job.perform(in: &transaction)
      return nil
    } catch let error as DatabaseError {
      throw error
    } catch {
      return error
    }
  }

  /// Performs one job, and undoes it when it fails. Throws what makes the whole commit impossible.
  private func attempt(_ job: any WriteJob, in transaction: inout WriteTransaction) throws -> (any Error)? {
    let before = transaction
    do {
      try transaction.database.inPart { try job.perform(in: &transaction) }
      return nil
    } catch let error as DatabaseError {
      throw error
    } catch {
      transaction = before
      return error
    }
  }
}
