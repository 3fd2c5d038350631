import Coordination
import Execution
import Foundation
import Logging
import Model
import ObjectStorage
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// A whole system in the hands of a test: stores, workers that do as they are told, and somebody who triggers builds.
final class Workshop: Sendable {
  let coordination: CountingCoordinationStore
  let objects: CountingObjectStore
  let repository: SharedRepository
  /// Looks on without being counted, and sees all that anybody has done.
  let observer: SharedRepository
  private let time: WallClock

  /// Runs a test in a workshop of its own.
  static func open(_ pair: StorePair, _ body: (Workshop) async throws -> Void) async throws {
    let place = try pair.place("dispatch-" + UUID().uuidString.lowercased())
    let (coordination, objects) = (try place.openCoordination(), try await place.openObjects())
    let counted = CountingCoordinationStore(coordination)
    let result: Result<Void, any Error>
    do {
      try await counted.withSession { session in
        try await coordination.withSession { observer in
          let workshop = Workshop(counted, CountingObjectStore(objects), session, observer, looking: objects)
          try await workshop.repository.open()
          try await body(workshop)
        }
      }
      result = .success(())
    } catch {
      result = .failure(error)
    }
    await objects.close()
    try await place.remove()
    try result.get()
  }

  private init(
    _ coordination: CountingCoordinationStore, _ objects: CountingObjectStore, _ session: any CoordinationSession,
    _ observing: any CoordinationSession, looking: any ObjectStore
  ) {
    self.coordination = coordination
    self.objects = objects
    // Time that moves on by a millisecond whenever somebody looks.
    let time = WallClock()
    let now: @Sendable () -> Timestamp = { time.next() }
    self.time = time
    repository = SharedRepository(session: UpToDateSession(session), objects: objects, now: now)
    observer = SharedRepository(session: UpToDateSession(observing), objects: looking, now: now)
  }

  /// Defines a job by its file.
  func defineJob(file text: String) async throws {
    try await repository.apply(try JobFile.parse(Array(text.utf8), file: "test.json"))
  }

  /// Defines a job of shell tasks, each after the one before.
  func defineJob(_ name: String, tasks: Int = 1, then next: String? = nil) async throws {
    let list = (1...tasks).map { #"{ "name": "t\#($0)", "type": "execute-shell", "script": "true" }"# }
    let then = next.map { #", "then": [{ "job": "\#($0)" }]"# } ?? ""
    try await defineJob(file: #"{ "job": "\#(name)", "tasks": [\#(list.joined(separator: ","))]\#(then) }"#)
  }

  func start(_ job: String) async throws -> BuildID {
    try await repository.start(StartRequest(job: try JobName(job)))
  }

  /// Lets time pass in which nothing happens.
  func pass(_ duration: Duration) { time.leap(to: time.next().adding(duration)) }

  /// Lets it be at least as late as that, and has whoever waits for a time look.
  func leap(to time: Timestamp) async throws {
    self.time.leap(to: time)
    for list in [NodeMap.timers, NodeMap.schedules, NodeMap.polls] {
      do {
        try await observer.session.write(list, [])
      } catch let error as CoordinationError where error.code == .noNode {
        continue
      }
    }
  }

  /// Waits until the build has ended.
  func end(of build: BuildID) async throws -> BuildView {
    for try await view in observer.watchBuild(build) where view.verdict != nil { return view }
    throw CancellationError()
  }

  /// Waits until the build is as it should be, looking again whenever it has changed or a worker has taken a ticket of it.
  ///
  /// - Returns: the build as it then was.
  @discardableResult
  func wait(for build: BuildID, until condition: (BuildView) -> Bool) async throws -> BuildView {
    for try await view in observer.watchBuild(build) where condition(view) { return view }
    throw CancellationError()
  }

  /// Waits until a condition holds, looking again whenever one of the nodes or its children have changed.
  func waitForChange(_ paths: [NodePath], until condition: @escaping @Sendable () async throws -> Bool) async throws {
    let session = observer.session
    try await withThrowingTaskGroup(of: Void.self) { group in
      for path in paths {
        group.addTask {
          for try await _ in session.watch(path) where try await condition() { return }
        }
        group.addTask {
          for try await _ in session.watchChildren(of: path) where try await condition() { return }
        }
      }
      try await group.next()
      group.cancelAll()
    }
  }

  /// Runs workers beside a test; they end with it.
  func withWorkers(
    _ workers: TestWorker..., body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in workers { group.addTask { try await self.run(worker) } }
      group.addTask {
        try await body()
        for worker in workers { worker.finish() }
      }
      // The first failure, of the test or of a worker, cancels the rest.
      for try await _ in group {}
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

/// Time that moves on by a millisecond whenever somebody looks, and as far as a test wants.
private final class WallClock: Sendable {
  private let milliseconds = Mutex(Int64(1_700_000_000_000))

  func next() -> Timestamp {
    Timestamp(
      milliseconds: milliseconds.withLock { milliseconds in
        milliseconds += 1
        return milliseconds
      })
  }

  func leap(to time: Timestamp) {
    milliseconds.withLock { $0 = max($0, time.milliseconds) }
  }
}

/// A worker in the hands of a test.
final class TestWorker: Sendable {
  let worker: Worker
  let session = Mutex<(any CoordinationSession)?>(nil)
  private let killed = Mutex(false)

  /// - Parameter perform: does the shell tasks.
  convenience init(
    controls: Int = 1, shells: Int = 1, labels: [String] = [],
    perform: @escaping @Sendable (Assignment) async throws -> Performance = { _ in Performance(.succeeded) }
  ) throws {
    try self.init(
      [.buildControl: controls, .executeShell: shells], labels: labels, performers: [ScriptedPerformer(body: perform)])
  }

  /// - Parameter performers: do the shell tasks.
  convenience init(
    controls: Int = 1, shells: Int = 1, labels: [String] = [], performers: [any TaskPerformer]
  ) throws {
    try self.init([.buildControl: controls, .executeShell: shells], labels: labels, performers: performers)
  }

  /// One that also looks at repositories.
  static func looking(
    controls: Int = 1, shells: Int = 1,
    at branches: @escaping @Sendable (PollTrigger) async throws -> [String: String]
  ) throws -> TestWorker {
    try TestWorker(
      [.buildControl: controls, .executeShell: shells, .gitCheckout: 1], labels: [],
      performers: [ScriptedPerformer { _ in Performance(.succeeded) }, ScriptedGit(see: branches)])
  }

  /// One that checks out for itself, and does shell tasks as it is told.
  ///
  /// - Parameter folder: where it works, and keeps copies of repositories.
  static func checkingOut(
    in folder: String, controls: Int = 1,
    perform: @escaping @Sendable (Assignment) async throws -> Performance = { _ in Performance(.succeeded) }
  ) throws -> TestWorker {
    let configuration = WorkerConfiguration(
      scratchDirectory: folder + "/scratch", cacheDirectory: folder + "/cache", allowLocalRepositories: true)
    let git = GitCheckoutPerformer(configuration, runner: CommandRunner(runner: try RunnerLocation.find()))
    return try TestWorker(
      [.buildControl: controls, .executeShell: 2, .gitCheckout: 1], labels: [],
      performers: [ScriptedPerformer(body: perform), git])
  }

  init(_ slots: [TaskKind: Int], labels: [String] = [], performers: [any TaskPerformer]) throws {
    let offer = WorkerOffer(
      host: "test", process: 1, labels: Set(try labels.map { try Label($0) }), slots: slots.filter { $0.value > 0 })
    worker = Worker(
      offer, performers: performers, configuration: .forTests,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  var wasKilled: Bool { killed.withLock { $0 } }

  func finish() { worker.finish() }

  func handBack() { worker.handBack() }

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

/// Sees what a test says, and checks nothing out.
private struct ScriptedGit: TaskPerformer, BranchSource {
  let kind = TaskKind.gitCheckout
  let see: @Sendable (PollTrigger) async throws -> [String: String]

  func perform(_ assignment: Assignment) async throws -> Performance { Performance(.failed) }

  func branches(for trigger: PollTrigger) async throws -> [String: String] { try await see(trigger) }
}

/// What a task does that goes on until it is stopped.
func untilStopped() async throws {
  let (stream, feed) = AsyncStream.makeStream(of: Void.self)
  for await _ in stream {}
  feed.finish()
  try Task.checkCancellation()
}
