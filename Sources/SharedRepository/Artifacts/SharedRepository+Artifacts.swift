import Coordination
package import Model
package import ObjectStorage

extension SharedRepository {
  /// What the build has published so far: of each task, what its accepted attempt did. In the order of paths.
  package func artifacts(of build: BuildID) async throws -> [ArtifactView] {
    try await publications(of: build).flatMap { publication in publication.list.map(publication.view) }
      .sorted { $0.path < $1.path }
  }

  /// One artifact: what is known of it, and its bytes.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`, or `expired`.
  package func artifact(of build: BuildID, path: String) async throws -> (ArtifactView, Blob) {
    for publication in try await publications(of: build) {
      // By its bytes: as strings, paths that differ only in how they compose their accents are equal.
      guard let found = publication.list.first(where: { $0.path.utf8.elementsEqual(path.utf8) }) else { continue }
      return (publication.view(found), try await bytes(of: found, publication, of: build))
    }
    throw RepositoryError(
      .notFound, "build \(build) has no artifact \(path.prefix(300).debugDescription)",
      remedy: "list them with 'distci artifact list \(build)'")
  }

  /// The bytes of an artifact.
  ///
  /// - Throws: ``RepositoryError`` with `expired`, also when that came to be just now.
  package func bytes(
    of artifact: StoredArtifact, _ publication: Publication, of build: BuildID
  ) async throws -> Blob {
    try publication.check(artifact, of: build)
    do {
      return try await publication.storage.artifact(artifact)
    } catch {
      throw try await reason(error, artifact, publication, of: build)
    }
  }

  /// Why the bytes of an artifact could not be read.
  ///
  /// - Returns: the error, or that the artifact has expired meanwhile.
  package func reason(
    _ error: any Error, _ artifact: StoredArtifact, _ publication: Publication, of build: BuildID
  ) async throws -> any Error {
    guard let lot = publication.lot, !(error is CancellationError) else { return error }
    var present = publication
    present.lease = try await lease(of: lot)
    do {
      try present.check(artifact, of: build)
      return error
    } catch {
      return error
    }
  }

  /// What the accepted attempts of a build published.
  package struct Publication: Sendable {
    package var task: TaskName
    package var storage: AttemptStorage
    package var list: [StoredArtifact]
    /// Together with what it is kept; `nil` when it is kept for ever.
    var lot: ArtifactLot?
    /// For how long; there is none before the end of the build that made it.
    var lease: ArtifactLease?

    func view(_ artifact: StoredArtifact) -> ArtifactView {
      ArtifactView(
        path: artifact.path, size: artifact.size, sha256: artifact.sha256, mode: String(artifact.mode, radix: 8),
        task: task, expires: lease.flatMap { $0.expired == nil ? InstantText($0.due) : nil },
        expired: lease?.expired.map(InstantText.init))
    }

    /// - Throws: ``RepositoryError`` with `expired`.
    package func check(_ artifact: StoredArtifact, of build: BuildID) throws(RepositoryError) {
      guard let lot, let expired = lease?.expired else { return }
      throw RepositoryError(
        .expired,
        "artifact \(artifact.path.prefix(300)) of \(build) expired at \(expired.text): task \(task) keeps it for "
          + TaskDuration.text(lot.keep),
        remedy: "build it again, with a longer \"keep\" of that task if it is needed for longer")
    }
  }

  package func publications(of build: BuildID) async throws -> [Publication] {
    let record = try await record(of: build)
    let plan = try await plan(of: record)
    var publications: [Publication] = []
    var leases: [ArtifactLot: ArtifactLease] = [:]
    for (task, state) in zip(plan.tasks, record.state.tasks) {
      guard state.hasArtifacts, let outcome = state.attempts.last else { continue }
      let storage = storage(of: outcome.madeIn ?? build, task: task.name, token: outcome.token)
      let lot = lot(task, state, in: build)
      if let lot, leases[lot] == nil { leases[lot] = try await lease(of: lot) }
      publications.append(
        Publication(
          task: task.name, storage: storage, list: try await storage.artifactList(), lot: lot,
          lease: lot.flatMap { leases[$0] }))
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
