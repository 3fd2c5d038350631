import Coordination
import Execution
import Foundation
import Frontend
import LocalThreads
import Logging
import Model
import NIOCore
import ObjectStorage
import ServiceLifecycle
import SharedRepository
import UnixSignals
import Workers

/// What a process that works does.
struct WorkerSettings: Sendable {
  var offer: WorkerOffer
  var takesOne: Bool
  var configuration: WorkerConfiguration
  /// How long running tasks may go on once the process is told to stop; `nil` lets them finish.
  var drainTimeout: Duration?
  /// The way to the pool that started the process.
  var pool: SupervisorLink?
}

/// The composition root of everything that serves or works: one connection to the stores, and the services on it. SIGTERM
/// and SIGINT end it in good order.
struct ServerProcess: Sendable {
  let stores: Stores
  let logger: Logger

  func run(
    frontend: FrontendConfiguration? = nil, worker: WorkerSettings? = nil, pool: PoolSettings? = nil
  ) async throws {
    // Whatever a task is, it shall not read our secrets from /proc.
    ProcessSecrets.hide(environment: ["DISTCI_GITHUB_WEBHOOK_SECRET"])
    if worker != nil && worker?.pool == nil || pool != nil, getuid() == 0 {
      logger.warning(
        "Tasks run as root: whoever may change a job owns this machine. Run workers as a user of their own")
    }
    let counters = ProcessCounters(stores)
    let connection = RepositoryConnection(store: counters.coordination, objects: counters.objects) { .now }
    let (ready, feed) = AsyncStream.makeStream(of: Void.self)
    var services: [any Service] = [CountersService(counters: counters, signals: await .init(trapping: .sigusr1))]
    let scratch = worker.map {
      ScratchDirectory($0.configuration.scratchDirectory, spares: min($0.offer.slots[.executeShell] ?? 0, 16))
    }
    if let worker, let scratch {
      services.append(
        WorkerService(
          worker: try await make(worker, scratch), settings: worker, connection: connection, logger: logger,
          ready: ready))
    } else if let pool {
      let pool = Pool(pool.configuration, logger: logger, start: pool.start)
      services.append(PoolService(pool: pool, connection: connection, logger: logger))
    } else {
      services.append(ConnectionService(connection: connection, logger: logger))
    }
    if let frontend {
      services.append(
        Frontend(frontend, connection: connection, logger: logger, metrics: { counters.counts.prometheus }) { port in
          announce(frontend, port: port)
          feed.finish()
        })
    } else {
      feed.finish()
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services.map {
          .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
        }, gracefulShutdownSignals: [.sigterm, .sigint], logger: .silent))
    do {
      try await withTaskExecutorPreference(StoreThreads.shared) { try await group.run() }
    } catch let error as IOError where frontend != nil {
      let address = frontend.map { "\($0.host):\($0.port)" } ?? ""
      throw CommandFailure(
        .file, "\(address) cannot be listened on: \(String(describing: error))", remedy: "choose another with --listen")
    }
    await scratch?.removeSpares()
    logger.info("Counted", metadata: counters.counts.metadata)
    await stores.objects.close()
  }

  private func make(_ settings: WorkerSettings, _ scratch: ScratchDirectory) async throws -> Worker {
    try Subreaper.adopt()
    let cleaned = try await scratch.removeLeftovers { [logger] in
      logger.warning("Could not remove what a dead worker left", metadata: ["error": "\($0)"])
    }
    if cleaned > 0 { logger.info("Removed what dead workers left", metadata: ["folders": "\(cleaned)"]) }
    let commands = [TaskKind.executeShell, .gitCheckout, .gitPromote].map { settings.offer.slots[$0] ?? 0 }.reduce(0, +)
    let runner = CommandRunner(
      runner: try RunnerLocation.find(), kept: max(1, min(commands, 16)), clock: ContinuousClock())
    let configuration = settings.configuration
    let performers: [any TaskPerformer] = [
      GitCheckoutPerformer(configuration, runner: runner),
      ExecuteShellPerformer(configuration, runner: runner, scratch: scratch),
      PublishArtifactsPerformer(configuration), CopyArtifactsPerformer(configuration),
      GitPromotePerformer(configuration, runner: runner),
    ]
    return Worker(
      settings.offer, performers: performers, configuration: configuration, takesOne: settings.takesOne,
      logger: logger, joins: { worker in settings.pool?.send(worker.rawValue) })
  }

  private func announce(_ configuration: FrontendConfiguration, port: Int) {
    let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
    logger.notice("Listening", metadata: ["url": "http://\(host):\(port)"])
  }
}

/// Prints the counters on the standard output whenever the process gets SIGUSR1.
private struct CountersService: Service {
  let counters: ProcessCounters
  let signals: UnixSignalsSequence

  func run() async throws {
    for await _ in signals.cancelOnGracefulShutdown() {
      try await Console.current.print(counters.counts.prometheus)
    }
  }
}

/// Keeps the connection of a process that only serves.
private struct ConnectionService: Service {
  let connection: RepositoryConnection
  let logger: Logger

  func run() async throws {
    try await connection.serve(logger) { _ in try await gracefulShutdown() }
  }
}

/// Works, session after session, until the process is told to stop.
private struct WorkerService: Service {
  let worker: Worker
  let settings: WorkerSettings
  let connection: RepositoryConnection
  let logger: Logger
  /// Finishes when the worker may begin: tickets are not for a process that turns out to have no address.
  let ready: AsyncStream<Void>

  func run() async throws {
    for await _ in ready {}
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await handBackInTime() }
      if let pool = settings.pool { group.addTask { try await follow(pool) } }
      defer { group.cancelAll() }
      try await withGracefulShutdownHandler {
        try await connection.serve(logger) { try await worker.run($0) }
      } onGracefulShutdown: {
        logger.notice("Stopping: no new tickets are taken", metadata: ["drain-timeout": "\(timeoutText)"])
        worker.finish()
      }
    }
  }

  /// Stops when the pool is gone, as if it had said so: nobody counts this worker any more.
  private func follow(_ pool: SupervisorLink) async throws {
    await pool.ended()
    try Task.checkCancellation()
    logger.warning("The pool of this host is gone; this worker drains")
    kill(getpid(), SIGTERM)
  }

  private var timeoutText: String { settings.drainTimeout.map { "\($0)" } ?? "none" }

  private func handBackInTime() async throws {
    try await gracefulShutdown()
    guard let timeout = settings.drainTimeout else { return }
    try await Task.sleep(for: timeout)
    worker.handBack()
  }
}

extension RepositoryConnection {
  /// Runs `body` beside one session after the other, with a second between them.
  func serve(
    _ logger: Logger, _ body: @escaping @Sendable (SharedRepository) async throws -> Void
  ) async throws {
    do {
      try await run(
        pause: {
          // While the stores are away there is nothing to finish: a process that is told to stop, stops.
          try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
          try Task.checkCancellation()
        },
        failed: { logger.warning("The session is over; opening another", metadata: ["reason": "\($0)"]) }, body)
    } catch is CancellationError where Task.isShuttingDownGracefully {
      return
    }
  }
}

extension Logger {
  /// Says on standard error what a server does.
  static func server(_ name: String) -> Logger {
    Logger(label: "distci.\(name)") { StreamLogHandler.standardError(label: $0) }
  }

  /// For libraries whose notices tell an operator nothing.
  static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}
