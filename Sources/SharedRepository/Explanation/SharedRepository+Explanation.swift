import Coordination
package import Model

extension SharedRepository {
  /// Why a build is where it is. Costs reads only, and a bounded number of them however much waits.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func explanation(of build: BuildID) async throws -> ExplanationView {
    guard let running = try await runningBuild(build) else {
      guard let ended = try await endedBuild(build) else { throw RepositoryError.noBuild(build) }
      return ExplanationView(build, Explanation(), verdict: ended.record.state.verdict, at: now())
    }
    let snapshot = try await SnapshotReader(repository: self).snapshot(of: running.record)
    return ExplanationView(build, Explanation(of: snapshot), verdict: nil, at: snapshot.now)
  }
}
