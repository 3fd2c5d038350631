import Hummingbird
import Model
import SharedRepository

enum TestRoutes {
  static let routes = [
    Route(.get, "/api/v1/jobs/{job}/tests", .read, list),
    Route(.get, "/api/v1/jobs/{job}/tests/**", .read) { call in
      try Reply.json(try await call.repository().test(of: call.job(), named: call.rest()))
    },
  ]

  /// `limit`, and `after` a test's name; `failing` for those that failed in the newest build that has them, `flaky` for those
  /// that passed as well as failed with the same commit.
  @Sendable private static func list(_ call: Call) async throws -> Response {
    let (failing, flaky) = (call.flag("failing"), call.flag("flaky"))
    return try Reply.json(
      try await call.repository().tests(of: call.job(), after: call.query("after"), limit: call.limit()) { test in
        (!failing || test.last == .failed) && (!flaky || test.flaky)
      })
  }
}
