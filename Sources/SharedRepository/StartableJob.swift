import Model

/// The text of a job that a build may be made from. Only ``SharedRepository/startable(_:)`` makes one, and no build is
/// prepared without one: whoever starts anything passes the same checks.
struct StartableJob: Sendable {
  let job: Job
  let revision: String

  fileprivate init(_ job: Job, _ revision: String) {
    (self.job, self.revision) = (job, revision)
  }

  /// What of a request decides which text it is.
  fileprivate struct Choice: Hashable {
    let revision: String?
    let repeated: String?
    let isKept: Bool

    init(_ start: StartRequest) {
      revision = start.revision
      repeated = start.repeated?.revision
      isKept = start.readBy != nil
    }
  }
}

extension SharedRepository {
  /// The text that a build is to be made from.
  ///
  /// - Throws: ``RepositoryError`` with `notFound` when the job is not there, or only on a branch; `conflict` when it is kept
  ///   in a repository, and those who run DistCI do not allow it there any more.
  func startable(_ start: StartRequest) async throws -> StartableJob {
    // Who has just read it has checked it.
    if let revision = start.revision {
      return StartableJob(try await job(start.job, revision: revision), revision)
    }
    let stored = try await storedJob(start.job)
    if start.repeated == nil, let kept = stored.kept, !kept.isDefined {
      throw RepositoryError.undefined(start.job, kept)
    }
    let revision = start.repeated?.revision ?? stored.revision
    let job = try await job(start.job, revision: revision)
    try await checkStillAllowed(job, stored, isKept: start.readBy != nil)
    return StartableJob(job, revision)
  }

  /// The same for each of several requests of one job, looked up once where it is the same.
  func startable(_ starts: [StartRequest]) async -> [Result<StartableJob, any Error>] {
    var known: [StartableJob.Choice: Result<StartableJob, any Error>] = [:]
    return await starts.asyncMap { start in
      let choice = StartableJob.Choice(start)
      if let found = known[choice] { return found }
      let found: Result<StartableJob, any Error>
      do {
        found = .success(try await startable(start))
      } catch {
        found = .failure(error)
      }
      known[choice] = found
      return found
    }
  }
}
