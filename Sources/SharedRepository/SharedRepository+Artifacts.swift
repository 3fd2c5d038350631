import Coordination
package import Model
package import ObjectStorage

extension SharedRepository {
  /// What the build has published so far: of each task, what its accepted attempt did. In the order of paths.
  package func artifacts(of build: BuildID) async throws -> [ArtifactView] {
    try await publications(of: build).flatMap { publication in
      publication.list.map { artifact in
        ArtifactView(
          path: artifact.path, size: artifact.size, sha256: artifact.sha256, mode: String(artifact.mode, radix: 8),
          task: publication.task)
      }
    }.sorted { $0.path < $1.path }
  }

  /// One artifact: what is known of it, and its bytes.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func artifact(of build: BuildID, path: String) async throws -> (ArtifactView, Blob) {
    for publication in try await publications(of: build) {
      // By its bytes: as strings, paths that differ only in how they compose their accents are equal.
      guard let found = publication.list.first(where: { $0.path.utf8.elementsEqual(path.utf8) }) else { continue }
      let view = ArtifactView(
        path: found.path, size: found.size, sha256: found.sha256, mode: String(found.mode, radix: 8),
        task: publication.task)
      return (view, try await publication.storage.artifact(found))
    }
    throw RepositoryError(
      .notFound, "build \(build) has no artifact \(path.prefix(300).debugDescription)",
      remedy: "list them with 'distci artifact list \(build)'")
  }

  /// What the accepted attempts of a build published.
  package struct Publication: Sendable {
    package var task: TaskName
    package var storage: AttemptStorage
    package var list: [StoredArtifact]
  }

  package func publications(of build: BuildID) async throws -> [Publication] {
    let record = try await record(of: build)
    let plan = try await plan(of: record)
    var publications: [Publication] = []
    for (task, state) in zip(plan.tasks, record.state.tasks) {
      guard let outcome = state.attempts.last, outcome.verdict == .succeeded, outcome.artifacts > 0 else { continue }
      let storage = storage(of: outcome.madeIn ?? build, task: task.name, token: outcome.token)
      publications.append(Publication(task: task.name, storage: storage, list: try await storage.artifactList()))
    }
    return publications
  }

  /// The build's record, running or ended.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  func record(of build: BuildID) async throws -> BuildRecord {
    if let running = try await runningBuild(build) { return running.record }
    guard let ended = try await endedBuild(build) else { throw RepositoryError.noBuild(build) }
    return ended.record
  }
}
