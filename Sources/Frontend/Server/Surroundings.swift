import Logging
import SharedRepository

/// What every route may use.
struct Surroundings: Sendable {
  let configuration: FrontendConfiguration
  let connection: RepositoryConnection
  let logger: Logger
  let clock: any Clock<Duration>
  let metrics: @Sendable () -> String
  let budget: BodyBudget
  /// Apart from the others, so that no other route can keep webhooks out.
  let webhookBudget: BodyBudget

  init(
    configuration: FrontendConfiguration, connection: RepositoryConnection, logger: Logger, clock: any Clock<Duration>,
    metrics: @escaping @Sendable () -> String
  ) {
    self.configuration = configuration
    self.connection = connection
    self.logger = logger
    self.clock = clock
    self.metrics = metrics
    budget = BodyBudget(bytes: configuration.limits.bodies)
    webhookBudget = BodyBudget(bytes: configuration.limits.webhookBodies)
  }
}
