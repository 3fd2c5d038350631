import Coordination
import Foundation
import Logging
import Model
import ObjectStorage
import SharedRepository
import Synchronization
import Testing
import Workers

/// A whole system in the hands of a test: stores, workers that do as they are told, and somebody who triggers builds.
final class Workshop: Sendable {
  let coordination: CountingCoordinationStore
  let objects: CountingObjectStore
  let repository: SharedRepository
  private let clock = Mutex(Int64(1_700_000_000_000))

  /// Runs a test in a workshop of its own.
  static func open(_ pair: StorePair, _ body: (Workshop) async throws -> Void) async throws {
    let place = UUID().uuidString.lowercased()
    let (coordination, objects) = try await pair.open(place)
    let counted = CountingCoordinationStore(coordination)
    let session = try await counted.openSession()
    let workshop = Workshop(counted, CountingObjectStore(objects), session)
    do {
      try await workshop.repository.open()
      try await body(workshop)
    } catch {
      await session.close()
      await objects.close()
      try? await pair.remove(place)
      throw error
    }
    await session.close()
    await objects.close()
    try await pair.remove(place)
  }

  private init(
    _ coordination: CountingCoordinationStore, _ objects: CountingObjectStore, _ session: any CoordinationSession
  ) {
    self.coordination = coordination
    self.objects = objects
    // Time that moves on by a millisecond whenever somebody looks.
    let time = Mutex(Int64(1_700_000_000_000))
    repository = SharedRepository(session: session, objects: objects) {
      Timestamp(
        milliseconds: time.withLock { time in
          time += 1
          return time
        })
    }
  }

  /// Defines a job by its file.
  func defineJob(_ text: String) async throws {
    try await repository.apply(try JobFile.parse(Array(text.utf8), file: "test.json"))
  }

  /// Defines a job of shell tasks, each after the one before.
  func defineJob(_ name: String, tasks: Int = 1, then next: String? = nil) async throws {
    let list = (1...tasks).map { #"{ "name": "t\#($0)", "type": "execute-shell", "script": "true" }"# }
    let then = next.map { #", "then": [{ "job": "\#($0)" }]"# } ?? ""
    try await defineJob(#"{ "job": "\#(name)", "tasks": [\#(list.joined(separator: ","))]\#(then) }"#)
  }

  func start(_ job: String) async throws -> BuildID {
    try await repository.start(StartRequest(job: try JobName(job)))
  }

  /// Waits until the build has ended.
  func end(of build: BuildID) async throws -> BuildView {
    for try await view in repository.watchBuild(build) where view.verdict != nil { return view }
    throw CancellationError()
  }

  /// Waits until the build is as it should be.
  func wait(for build: BuildID, until condition: (BuildView) -> Bool) async throws {
    while true {
      if condition(try await repository.build(build)) { return }
      await Task.yield()
    }
  }

  /// Runs workers beside a test; they end with it.
  func withWorkers(
    _ workers: TestWorker..., body: @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in workers { group.addTask { try await self.run(worker) } }
      try await body()
      for worker in workers { worker.finish() }
      try await group.waitForAll()
    }
  }

  /// Runs one worker through a session of its own until it is told to finish, or is killed.
  func run(_ worker: TestWorker) async throws {
    let session = try await coordination.openSession()
    worker.session.withLock { $0 = session }
    let repository = SharedRepository(session: session, objects: objects, now: repository.now)
    do {
      try await worker.worker.run(repository)
    } catch {
      await session.close()
      if !worker.wasKilled { throw error }
    }
    await session.close()
  }
}

/// A worker in the hands of a test.
final class TestWorker: Sendable {
  let worker: Worker
  let session = Mutex<(any CoordinationSession)?>(nil)
  private let killed = Mutex(false)

  /// - Parameter perform: does the shell tasks.
  init(
    controls: Int = 1, shells: Int = 1, labels: [String] = [],
    perform: @escaping @Sendable (Assignment) async throws -> Performance = { _ in Performance(.succeeded) }
  ) throws {
    let offer = WorkerOffer(
      host: "test", process: 1, labels: Set(try labels.map { try Label($0) }),
      slots: [.buildControl: controls, .executeShell: shells].filter { $0.value > 0 })
    worker = Worker(
      offer, performers: [ScriptedPerformer(body: perform)], configuration: .forTests,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  var wasKilled: Bool { killed.withLock { $0 } }

  func finish() { worker.finish() }

  /// Ends the worker's session under its feet.
  func kill() async {
    killed.withLock { $0 = true }
    await session.withLock { $0 }?.close()
  }
}

private struct ScriptedPerformer: TaskPerformer {
  let kind = TaskKind.executeShell
  let body: @Sendable (Assignment) async throws -> Performance

  func perform(_ assignment: Assignment) async throws -> Performance { try await body(assignment) }
}
