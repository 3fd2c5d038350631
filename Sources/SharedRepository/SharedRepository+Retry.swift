import Coordination
package import Model

/// Doing tasks of an ended build once more.
extension SharedRepository {
  /// Starts a build of the same revision of the job, with the same parameters, commits and sources of artifacts, that does
  /// some tasks of an ended build once more and takes over what the others did.
  ///
  /// - Parameter delivery: makes a repeated request start nothing more.
  /// - Throws: ``RepositoryError`` with `notFound`; `conflict` when the build has not ended, or there is nothing to do.
  package func retry(
    _ build: BuildID, _ scope: RetryScope, by who: String, delivery: Delivery? = nil
  ) async throws -> Started {
    guard let ended = try await endedBuild(build), try await runningBuild(build) == nil else {
      guard try await runningBuild(build) != nil else { throw RepositoryError.noBuild(build) }
      throw RepositoryError(.conflict, "build \(build) has not ended", remedy: "wait for its end, or cancel it")
    }
    let (request, state) = (ended.record.request, ended.record.state)
    // A job that was deleted starts nothing any more.
    _ = try await storedJob(build.job)
    let plan = try await plan(of: ended.record)
    let begun: BuildState
    do {
      begun = try state.repeated(scope, plan)
    } catch {
      throw RepositoryError(.conflict, error.message, remedy: error.remedy)
    }
    let repeated = RepeatedBuild(
      revision: request.jobRevision, unchanged: request.unchanged, inputs: FrozenInputs(request, state, plan),
      state: begun)
    try await promiseArtifacts(takenOverBy: begun, plan)
    let parameters = Dictionary(uniqueKeysWithValues: request.parameters.map { ($0.key.rawValue, $0.value) })
    var start = StartRequest(
      job: build.job, parameters: parameters,
      cause: .retrial(Retrial(of: build, by: who.bounded(to: Pause.longestName))), depth: request.depth,
      repeated: repeated)
    start.readBy = request.readBy
    start.aside = request.aside
    return try await self.start([start], delivery: delivery)
  }
}
