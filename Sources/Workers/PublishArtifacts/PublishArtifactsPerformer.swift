package import Model
import ObjectStorage
import SharedRepository

/// Keeps files of the workspace as the build's artifacts.
package struct PublishArtifactsPerformer: TaskPerformer {
  package var kind: TaskKind { .publishArtifacts }

  /// The list of a task's artifacts is read as a whole, by people as well.
  private static let mostArtifacts = 10_000
  /// How many files are stored at once.
  private static let window = 4

  private let scratch: ScratchDirectory
  private let workspaces = Workspaces()

  package init(_ configuration: WorkerConfiguration) {
    scratch = ScratchDirectory(configuration.scratchDirectory)
  }

  package func perform(_ assignment: Assignment) async throws -> Performance {
    guard case .publishArtifacts(let work) = assignment.task.work else { throw WrongKind(assignment.task) }
    return try await scratch.withFolder { folder in
      try await Performance.of {
        let globs = try ArtifactGlobs(work.files, ifMissing: work.ifMissing)
        try await workspaces.restore(assignment, into: folder)
        let walk = try await BlockingCalls.run { try WorkspaceWalk(folder.workspace, for: globs.globs) }
        for other in walk.others { try await assignment.log.line("not published: \(other)") }
        try await globs.check(walk.matched, "no file of the workspace", assignment.log)
        let count = try await publish(walk.files, assignment, folder)
        return Performance(.succeeded, workspace: assignment.workspace, artifacts: count)
      }
    }
  }

  /// - Returns: how many.
  private func publish(
    _ files: [WorkspaceWalk.Found], _ assignment: Assignment, _ folder: AttemptFolder
  ) async throws -> Int {
    guard !files.isEmpty else { return 0 }
    guard files.count <= Self.mostArtifacts else {
      throw TaskFailure(
        "\(files.count) files match, and a task publishes at most \(Self.mostArtifacts); pack them into an archive")
    }
    var artifacts: [StoredArtifact] = []
    try await withThrowingTaskGroup(of: StoredArtifact.self) { group in
      var waiting = files.enumerated().makeIterator()
      func start() {
        guard let (number, file) = waiting.next() else { return }
        group.addTask { try await store(file, number, assignment.storage, folder) }
      }
      for _ in 0..<Self.window { start() }
      while let artifact = try await group.next() {
        artifacts.append(artifact)
        try await assignment.log.line(
          "published \(artifact.path) (\(artifact.size) bytes, sha256 \(artifact.sha256.prefix(12)))")
        start()
      }
    }
    artifacts.sort { $0.number < $1.number }
    try await assignment.storage.putArtifactList(artifacts)
    return artifacts.count
  }

  private func store(
    _ file: WorkspaceWalk.Found, _ number: Int, _ storage: AttemptStorage, _ folder: AttemptFolder
  ) async throws -> StoredArtifact {
    let chunks = try await FileChunks(path: folder.path(of: file.path))
    let info = try await storage.putArtifact(number, from: chunks)
    return StoredArtifact(
      path: file.path, size: info.size, sha256: info.sha256.description, mode: file.mode, number: number)
  }
}
