import FileObjectStorage
import Foundation
import Frontend
import Logging
import Model
import SQLiteCoordination
import SharedRepository
import Synchronization
import Testing

/// A shared repository in a folder of its own, and frontends that serve it.
struct Place: Sendable {
  let store: SQLiteCoordinationStore
  let objects: FileObjectStore
  let connection: RepositoryConnection
  /// The first frontend.
  let server: Server

  var repository: SharedRepository {
    get throws { try connection.current() }
  }

  /// Calls `body` with a frontend that listens, and a session that is open.
  static func with(
    _ configuration: FrontendConfiguration = .test, clock: any Clock<Duration> = ContinuousClock(),
    _ body: @Sendable (Place) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "frontend-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = SQLiteCoordinationStore(folder: folder.appending(path: "coordination").path)
    let objects = try await FileObjectStore(folder: folder.appending(path: "objects").path)
    let connection = RepositoryConnection(store: store, objects: objects) {
      Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
    try await withSession(connection) {
      try await serving(connection, configuration, clock: clock) { server in
        try await body(Place(store: store, objects: objects, connection: connection, server: server))
      }
    }
    await store.close()
    await objects.close()
  }

  /// Runs another frontend on a connection.
  static func serving(
    _ connection: RepositoryConnection, _ configuration: FrontendConfiguration = .test,
    clock: any Clock<Duration> = ContinuousClock(), _ body: @Sendable (Server) async throws -> Void
  ) async throws {
    let (ports, port) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let frontend = Frontend(configuration, connection: connection, logger: logger, clock: clock) { port.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await frontend.run() }
      var iterator = ports.makeAsyncIterator()
      let bound = try #require(await iterator.next())
      try await body(Server(port: bound))
      group.cancelAll()
      while let result = await group.nextResult() { _ = result }
    }
  }

  /// Keeps the connection's session open.
  static func withSession(
    _ connection: RepositoryConnection, _ body: @Sendable () async throws -> Void
  ) async throws {
    let (opened, open) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await connection.run(pause: { try await Task.sleep(for: .milliseconds(10)) }, failed: { _ in }) { _ in
          open.yield()
          try await Task.sleep(for: .seconds(600))
        }
      }
      var iterator = opened.makeAsyncIterator()
      await iterator.next()
      try await body()
      group.cancelAll()
      while let result = await group.nextResult() { _ = result }
    }
  }
}

extension FrontendConfiguration {
  static let secret = "It's a Secret to Everybody"

  static let test = FrontendConfiguration(port: 0, webhookSecrets: [secret])
}

extension Place {
  /// Defines a job of one task, or of these.
  @discardableResult
  func define(_ name: String, _ text: String? = nil) async throws -> JobName {
    let file = text ?? #"{"job": "\#(name)", "tasks": [{"name": "test", "type": "execute-shell", "script": "true"}]}"#
    try await repository.apply(try JobFile.parse(Array(file.utf8), file: name))
    return try JobName(name)
  }

  func start(_ job: JobName) async throws -> BuildInProgress {
    let build = try await repository.start(StartRequest(job: job))
    return try await BuildInProgress(build, repository)
  }

  func builds(of job: JobName) async throws -> [BuildSummary] { try await repository.builds(of: job, limit: 100) }
}

/// Waits until a condition of another task holds; fails after ten seconds.
func eventually(_ what: Comment, _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(10)
  while try await !condition() {
    try #require(ContinuousClock.now < deadline, what)
    try await Task.sleep(for: .milliseconds(5))
  }
}
