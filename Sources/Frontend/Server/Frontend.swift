import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
package import SharedRepository

/// Serves the API, the webhooks and the pages over HTTP. Keeps no state: any number of them may serve the same stores, and
/// any may be killed at any time.
package struct Frontend: Service {
  private let configuration: FrontendConfiguration
  private let surroundings: Surroundings
  private let bound: @Sendable (Int) -> Void

  /// - Parameters:
  ///   - connection: is kept open by whoever made it.
  ///   - metrics: what the process has done so far, in the text format of Prometheus.
  ///   - clock: for pauses and deadlines.
  ///   - bound: told the port once the frontend listens.
  package init(
    _ configuration: FrontendConfiguration, connection: RepositoryConnection, logger: Logger,
    metrics: @escaping @Sendable () -> String = { "# EOF\n" }, clock: any Clock<Duration> = ContinuousClock(),
    bound: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.bound = bound
    surroundings = Surroundings(
      configuration: configuration, connection: connection, logger: logger, clock: clock, metrics: metrics)
  }

  /// Serves until the task is cancelled, or the service group shuts down.
  ///
  /// - Throws: when the address cannot be listened on.
  package func run() async throws {
    warnIfReachable()
    let application = Application(
      router: RouteTable.router(surroundings), server: .http1(configuration: connectionSettings),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: MaximumAvailableConnections(
          configuration.limits.connections, logger: surroundings.logger)),
      onServerRunning: { bound($0.localAddress?.port ?? configuration.port) }, logger: surroundings.logger)
    try await application.run()
  }

  private var connectionSettings: HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      idleTimeout: TimeAmount(configuration.limits.silence),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 64 * 1024, maxHeaderFieldCount: 100))
  }

  private func warnIfReachable() {
    guard !configuration.isLoopback else { return }
    surroundings.logger.warning(
      """
      Whoever reaches this address may change jobs and start builds: listen on 127.0.0.1 behind a proxy that \
      authenticates
      """, metadata: ["host": "\(configuration.host)"])
  }
}
