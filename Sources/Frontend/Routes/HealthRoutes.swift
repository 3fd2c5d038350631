import HTTPTypes
import Hummingbird
import NIOCore
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
    // Counts of this process, for Prometheus. They say nothing about jobs or builds.
    Route(.get, "/metrics", .open) { call in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: call.surroundings.metrics())))
    },
  ]
}
