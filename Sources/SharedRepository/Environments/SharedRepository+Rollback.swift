import Coordination
package import Model

/// An earlier build that another one repeats.
package struct RepeatedBuild: Hashable, Sendable {
  /// Of its job's text.
  package var revision: String
  package var unchanged: [TaskName]?
  package var inputs: FrozenInputs
  /// How far it has come already when it begins, where it does not begin anew.
  package var state: BuildState?
}

/// Going back to what was deployed before.
extension SharedRepository {
  /// So far back in history an earlier build is looked for.
  private static var mostLookedAt: Int { 200 }

  /// Starts a build that deploys to an environment what an earlier build deployed there: of the same revision of its job,
  /// with the same parameters, commits and sources of artifacts, and only the tasks that deploy there with what these need.
  /// No approval is waited for: who asks for it has given it.
  ///
  /// - Parameters:
  ///   - build: `nil` for what was live before what is live now.
  ///   - delivery: makes a repeated request start nothing more.
  /// - Throws: ``RepositoryError`` with `notFound`; `conflict` when the build did not deploy there.
  package func rollBack(
    _ environment: DeployTarget, to build: BuildID?, by who: String, delivery: Delivery? = nil
  ) async throws -> Started {
    let earlier = try await earlierBuild(at: environment, build)
    let request = earlier.request
    // A job that was deleted starts nothing any more.
    _ = try await storedJob(request.build.job)
    let plan = try await plan(of: earlier)
    guard
      zip(plan.tasks, earlier.state.tasks).contains(where: {
        $0.deployment?.target == environment && $1.verdict == .succeeded
      })
    else {
      throw RepositoryError(
        .conflict, "build \(request.build) did not deploy to \(environment)",
        remedy: "choose one that did from 'distci environment show \(environment)'")
    }
    var target = request.build
    if case .rollback(let rollback) = request.cause { target = rollback.to }
    let rollback = Rollback(environment: environment, to: target, by: who.bounded(to: Pause.longestName))
    let repeated = RepeatedBuild(
      revision: request.jobRevision, unchanged: request.unchanged, inputs: FrozenInputs(request, earlier.state, plan))
    let parameters = Dictionary(uniqueKeysWithValues: request.parameters.map { ($0.key.rawValue, $0.value) })
    var start = StartRequest(
      job: request.build.job, parameters: parameters, cause: .rollback(rollback), repeated: repeated)
    start.readBy = request.readBy
    start.aside = request.aside
    return try await self.start([start], delivery: delivery)
  }

  private func earlierBuild(at environment: DeployTarget, _ wanted: BuildID?) async throws -> BuildRecord {
    let build: BuildID
    if let wanted { build = wanted } else { build = try await previousBuild(at: environment) }
    if let running = try await runningBuild(build) { return running.record }
    guard let ended = try await endedBuild(build) else { throw RepositoryError.noBuild(build) }
    return ended.record
  }

  /// What was live before what is live now, whichever rollbacks there were in between.
  private func previousBuild(at environment: DeployTarget) async throws -> BuildID {
    let deploys = try await deploys(to: environment, limit: Self.mostLookedAt)
    guard let live = deploys.first?.made else { throw RepositoryError.noEnvironment(environment) }
    let own = deploys.firstIndex { $0.build == live } ?? deploys.endIndex
    guard let earlier = deploys[own...].first(where: { $0.made != live })?.made else {
      throw RepositoryError(
        .conflict, "\(live) is live at \(environment), and no earlier build is known",
        remedy: "name the build, as JOB/NUMBER")
    }
    return earlier
  }
}
