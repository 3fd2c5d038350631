package import Model
package import ObjectStorage

/// Where one attempt at a task keeps what it makes: all under its claim's token, so that an attempt that was given up
/// writes where nobody looks.
package struct AttemptStorage: Sendable {
  private let store: any ObjectStore
  private let prefix: ObjectKey

  package init(store: any ObjectStore, build: BuildID, task: TaskName, token: String) {
    self.store = store
    prefix = ObjectMap.attempt(build, task: task, token: token)
  }

  /// The attempt's output, to be written by its worker alone.
  package var log: GrowingBlob { GrowingBlob(store: store, key: prefix / "log") }

  package var logReader: GrowingBlobReader { GrowingBlobReader(store: store, key: prefix / "log") }

  /// Stores a snapshot of a workspace.
  ///
  /// - Parameter chunks: an archive.
  /// - Returns: the key by which outcomes name it.
  package func putWorkspace<Chunks: AsyncSequence>(
    from chunks: Chunks
  ) async throws -> String where Chunks.Element == [UInt8] {
    let key = prefix / "workspace"
    _ = try await store.putBlob(key, from: chunks)
    return key.string
  }

  /// Stores the bytes of one artifact.
  package func putArtifact<Chunks: AsyncSequence>(
    _ number: Int, from chunks: Chunks
  ) async throws -> BlobInfo where Chunks.Element == [UInt8] {
    try await store.putBlob(artifactKey(number), from: chunks)
  }

  /// Stores the list of artifacts, when all of them are there.
  package func putArtifactList(_ artifacts: [StoredArtifact]) async throws {
    let text = try JSONBytes.encode(artifacts)
    _ = try await store.putBlob(prefix / "artifacts", from: OneChunk(text))
  }

  /// The list of artifacts; empty when none were published.
  package func artifactList() async throws -> [StoredArtifact] {
    guard let text = try await store.blobBytes(prefix / "artifacts") else { return [] }
    return try JSONBytes.decode([StoredArtifact].self, from: text)
  }

  /// Stores the list of tasks that the attempt adds to its build.
  package func putGeneratedTasks(_ tasks: [TaskDefinition]) async throws {
    _ = try await store.putBlob(prefix / "tasks", from: OneChunk(Array(TaskList.text(tasks).utf8)))
  }

  /// - Throws: ``RepositoryError`` with `damaged` when the list is gone.
  package func generatedTasks(references: some Sequence<String>) async throws -> [TaskDefinition] {
    var text: [UInt8] = []
    if let blob = try await store.openBlob(prefix / "tasks") {
      for try await chunk in blob.read() { text += chunk }
    }
    do throws(InvalidJobFile) {
      return try TaskList.parse(text, file: "tasks", references: references)
    } catch {
      throw RepositoryError(
        .damaged, "a list of generated tasks cannot be read: \(error.diagnostics[0])", remedy: "start the build again")
    }
  }

  /// Stores the job files that the attempt read out of its commit.
  package func putJobFiles(_ files: ReadJobFiles) async throws {
    _ = try await store.putBlob(prefix / "jobs", from: OneChunk(try JSONBytes.encode(files)))
  }

  /// - Throws: ``RepositoryError`` with `damaged` when they are gone.
  package func jobFiles() async throws -> ReadJobFiles {
    guard let bytes = try await store.blobBytes(prefix / "jobs") else {
      throw RepositoryError(.damaged, "the job files that were read are gone", remedy: "start the build again")
    }
    return try JSONBytes.decode(ReadJobFiles.self, from: bytes)
  }

  /// - Throws: ``RepositoryError`` with `damaged` when the bytes are gone.
  package func artifact(_ artifact: StoredArtifact) async throws -> Blob {
    guard let blob = try await store.openBlob(artifactKey(artifact.number)), blob.size == artifact.size else {
      throw RepositoryError(
        .damaged, "the bytes of artifact \(artifact.path) are gone", remedy: "build it again, or restore a backup")
    }
    return blob
  }

  /// Removes the bytes of one artifact. Does nothing where they are gone.
  func deleteArtifact(_ number: Int) async throws { try await store.deleteBlob(artifactKey(number)) }

  /// Stores what the attempt tells about tests.
  package func putTests(_ tests: AttemptTests) async throws {
    _ = try await store.putBlob(prefix / "tests", from: OneChunk(try JSONBytes.encode(tests)))
  }

  /// What the attempt tells about tests; `nil` when it told nothing.
  package func tests() async throws -> AttemptTests? {
    guard let bytes = try await store.blobBytes(prefix / "tests") else { return nil }
    return try JSONBytes.decode(AttemptTests.self, from: bytes)
  }

  private func artifactKey(_ number: Int) -> ObjectKey { prefix / "artifact" / String(number) }
}

/// A sequence of one chunk.
package struct OneChunk: AsyncSequence, AsyncIteratorProtocol, Sendable {
  private var bytes: [UInt8]?

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package mutating func next() async -> [UInt8]? {
    defer { bytes = nil }
    return bytes
  }

  package func makeAsyncIterator() -> OneChunk { self }
}

extension ObjectStore {
  /// All of a blob that is small enough to be held in memory; `nil` where there is none.
  func blobBytes(_ key: ObjectKey) async throws -> [UInt8]? {
    guard let blob = try await openBlob(key) else { return nil }
    var bytes: [UInt8] = []
    for try await chunk in blob.read() { bytes += chunk }
    return bytes
  }
}

extension SharedRepository {
  package func storage(of build: BuildID, task: TaskName, token: String) -> AttemptStorage {
    AttemptStorage(store: objects, build: build, task: task, token: token)
  }

  /// A workspace's snapshot.
  ///
  /// - Parameter key: from an outcome.
  package func workspace(_ key: String) async throws -> Blob {
    guard let blob = try await objects.openBlob(ObjectKey(key)) else {
      throw RepositoryError(.damaged, "the workspace \(key) is gone", remedy: "start the build again")
    }
    return blob
  }
}
