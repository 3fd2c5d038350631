import Hummingbird
import SharedRepository

enum HealthRoutes {
  private struct Health: Encodable {
    var status: String
  }

  static let routes = [
    // The process answers, whatever the stores do.
    Route(.get, "/healthz", .open) { _ in try Reply.json(Health(status: "up")) },
    // Both stores answer.
    Route(.get, "/readyz", .open) { call in
      let repository = try call.repository()
      try await call.surroundings.clock.withDeadline(call.configuration.limits.check) {
        try await repository.checkStores()
      }
      return try Reply.json(Health(status: "ready"))
    },
  ]
}
