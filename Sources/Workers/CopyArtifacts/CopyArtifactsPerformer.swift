import Glibc
package import Model
import ObjectStorage
import SharedRepository

/// Copies artifacts of another build into the workspace.
package struct CopyArtifactsPerformer: TaskPerformer {
  package var kind: TaskKind { .copyArtifacts }

  /// What the artifacts' own paths bring about: another attempt would fare no better.
  private static let conflicts: Set<Int32> = [ENOTDIR, EISDIR, EEXIST, ENAMETOOLONG]

  private let scratch: ScratchDirectory
  private let workspaces = Workspaces()

  package init(_ configuration: WorkerConfiguration) {
    scratch = ScratchDirectory(configuration.scratchDirectory)
  }

  package func perform(_ assignment: Assignment) async throws -> Performance {
    guard case .copyArtifacts(let work) = assignment.task.work else { throw WrongKind(assignment.task) }
    return try await scratch.withFolder { folder in
      try await Performance.of {
        let globs = try ArtifactGlobs(work.files, ifMissing: work.ifMissing)
        let into = try checkedPath(work.into)
        let source = SourceBuild(work, of: assignment.task.name, in: assignment.attempt.request)
        var performance = Performance(.succeeded, workspace: assignment.workspace)
        switch try await source.find(in: assignment.repository) {
        case .missing(let why): try await globs.report(why, assignment.log)
        case .found(let build, let publications):
          performance.source = build
          try await assignment.log.line("copying artifacts of \(build)")
          if try await copy(
            publications, of: build, chosen: work.build, globs, to: folder.path(of: into), assignment) > 0,
            assignment.keepsWorkspace
          {
            performance.workspace.append(try await workspaces.save(folder, assignment))
          }
        }
        return performance
      }
    }
  }

  /// - Returns: how many were copied.
  private func copy(
    _ publications: [SharedRepository.Publication], of build: BuildID, chosen choice: String, _ globs: ArtifactGlobs,
    to directory: String, _ assignment: Assignment
  ) async throws -> Int {
    let artifacts = publications.flatMap { publication in publication.list.map { (publication, $0) } }
    try await globs.check(
      globs.globs.map { glob in artifacts.contains { glob.matches($0.1.path) } }, "no artifact of \(build)",
      assignment.log)
    // By their bytes: as strings, names that differ only in how they compose their accents would be one.
    var copied: Set<[UInt8]> = []
    var expired = 0
    for (publication, artifact) in artifacts where globs.globs.contains(where: { $0.matches(artifact.path) }) {
      // Two tasks may publish the same path; the earlier one's is what the build is shown to have.
      guard copied.insert(Array(artifact.path.utf8)).inserted else { continue }
      let path = "\(directory)/\(try checkedPath(artifact.path))"
      do {
        try await copy(artifact, of: build, publication, to: path, assignment.repository)
        try await assignment.log.line("copied \(artifact.path) (\(artifact.size) bytes)")
      } catch let error as RepositoryError where error.code == .expired {
        expired += 1
        // What has come of it so far is no file of anybody's.
        try await BlockingCalls.run { _ = unsafe unlink(path) }
        try await globs.report(
          "\(error.message), and \(build) is what \"build\": \(choice.debugDescription) stands for; \(error.remedy)",
          assignment.log)
      }
    }
    return copied.count - expired
  }

  private func copy(
    _ artifact: StoredArtifact, of build: BuildID, _ publication: SharedRepository.Publication, to path: String,
    _ repository: SharedRepository
  ) async throws {
    let blob = try await repository.bytes(of: artifact, publication, of: build)
    // Reading all of a blob verifies its digest; this ties the blob to the list that names it.
    guard blob.info.sha256.description == artifact.sha256 else {
      throw RepositoryError(
        .damaged, "artifact \(artifact.path) is not what was published", remedy: "build it again, or restore a backup")
    }
    let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    let file: OpenFile
    do {
      file = try await BlockingCalls.run {
        try FilePaths.makeDirectory(parent, mode: 0o755)
        return try OpenFile(creating: path, mode: UInt32(artifact.mode & 0o777))
      }
    } catch let error as FileError where Self.conflicts.contains(error.number) {
      throw TaskFailure(
        "artifact \(artifact.path.prefix(300)) cannot be copied (\(error.reason)): its name is too long here, or it is a "
          + "directory of another artifact's path; choose others, or a shorter \"into\"")
    }
    do {
      for try await chunk in blob.read() { try await BlockingCalls.run { try file.write(chunk) } }
    } catch let error as ObjectStoreError {
      throw try await repository.reason(error, artifact, publication, of: build)
    }
  }

  /// - Throws: ``TaskFailure`` when the path leads out of the workspace.
  private func checkedPath(_ path: String) throws -> String {
    do {
      return try RelativePath.normalized(path)
    } catch {
      throw TaskFailure(error.description)
    }
  }
}
