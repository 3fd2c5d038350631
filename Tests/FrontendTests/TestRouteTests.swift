import Model
import ObjectStorage
import SharedRepository
import Testing

@Suite struct TestRouteTests {
  private static let path = "/api/v1/jobs/library/tests"
  private static let odd = "suite/a%2Fb c?d#e \u{E9}"

  /// Three builds: the odd test fails once, with the commit with which it passes as well.
  private func withTests(_ body: @escaping @Sendable (Server) async throws -> Void) async throws {
    try await Place.with { place in
      let job = try await place.define("library")
      for outcome in [TestOutcome.passed, .failed, .passed] {
        var build = try await place.start(job)
        let results = [
          TestResult(name: "plain", outcome: .passed, milliseconds: 5),
          TestResult(name: Self.odd, outcome: outcome, milliseconds: 7, message: outcome == .failed ? "no" : nil),
        ]
        try await build.storage(0).putTests(AttemptTests(results: results, times: [:]))
        try await build.endWithTests(0, results.count, commit: "c0ffee")
      }
      try await body(place.server)
    }
  }

  @Test func theyAreListed() async throws {
    try await withTests { server in
      let all = try await server.send("GET", Self.path).json([TestSummaryView].self)
      #expect(all.map(\.name) == ["plain", Self.odd])
      #expect(all.map(\.failures) == [0, 1] && all.map(\.flaky) == [false, true] && all.map(\.runs) == [3, 3])
      let after = try await server.send("GET", Self.path + "?limit=1&after=plain").json([TestSummaryView].self)
      #expect(after.map(\.name) == [Self.odd])
      #expect(try await server.send("GET", Self.path + "?flaky").json([TestSummaryView].self).map(\.name) == [Self.odd])
      #expect(try await server.send("GET", Self.path + "?failing").json([TestSummaryView].self).isEmpty)
    }
  }

  @Test func aNameMayHoldAnything() async throws {
    try await withTests { server in
      let answer = try await server.send("GET", Self.path + "/suite%2Fa%252Fb%20c%3Fd%23e%20%C3%A9")
      let view = try answer.json(TestView.self)
      #expect(view.summary.name == Self.odd && view.undecided == ["c0ffee"])
      #expect(view.results.map(\.build) == [3, 2, 1] && view.results.map(\.message) == [nil, "no", nil])
      // Proxies that decode a slash do no harm.
      let decoded = try await server.send("GET", Self.path + "/suite/a%252Fb%20c%3Fd%23e%20%C3%A9")
      #expect(try decoded.json(TestView.self) == view)
      let missing = try await server.send("GET", Self.path + "/nothing")
      #expect(missing.status == 404)
      #expect(try missing.json(ErrorView.self).remedy.contains("distci test list library"))
    }
  }

  @Test func aJobWithoutTestsHasNone() async throws {
    try await Place.with { place in
      try await place.define("library")
      #expect(try await place.server.send("GET", Self.path).json([TestSummaryView].self).isEmpty)
      #expect(try await place.server.send("GET", "/api/v1/jobs/other/tests").status == 404)
    }
  }
}
