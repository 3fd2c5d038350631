import Execution
import Logging
import ServiceLifecycle
import SharedRepository
import Workers

/// What a host's pool runs, and how it starts what it runs.
struct PoolSettings: Sendable {
  var configuration: PoolConfiguration
  var start: @Sendable (HeldSeat) async throws -> SupervisedProcess
}

/// Runs the pool of this host, session after session, until the process is told to stop.
struct PoolService: Service {
  let pool: Pool
  let connection: RepositoryConnection
  let logger: Logger

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await connection.serve(logger) { try await pool.run($0) }
    } onGracefulShutdown: {
      logger.notice("Stopping: the slots of this host drain")
      pool.finish()
    }
    await pool.ended()
  }
}
