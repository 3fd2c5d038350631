import Hummingbird
import SharedRepository

enum ClusterRoutes {
  static let routes = [
    Route(.get, "/api/v1/workers", .read) { call in
      try Reply.json(try await call.repository().workers())
    },
    // `limit` counts for each queue.
    Route(.get, "/api/v1/queue", .read) { call in
      try Reply.json(try await call.repository().queuedTickets(limit: call.limit()))
    },
  ]
}
