import Frontend
import Model
import Testing

/// Who cannot sign must not be able to keep out who can.
@Suite struct SlowBodyTests {
  private static let signature = "sha256=" + String(repeating: "0", count: 64)

  /// Two bodies fit at one time.
  private static var narrow: FrontendConfiguration {
    var configuration = FrontendConfiguration.test
    configuration.limits.webhook = 2_000
    configuration.limits.webhookBodies = 4_000
    return configuration
  }

  @Test(arguments: ["x", "sha256=", "sha1=\(String(repeating: "0", count: 64))", signature + "0", "sha256=zz"])
  func aMalformedSignatureIsRefusedBeforeTheBodyIsRead(signature: String) async throws {
    try await Place.with { place in
      let answer = try await place.server.sendRaw(Self.beginning(of: 26_000_000, sent: 0, signature))
      #expect(answer.status == 401)
    }
  }

  @Test func aBodyThatStallsIsGivenUp() async throws {
    let clock = SteppedClock()
    try await Place.with(clock: clock) { place in
      async let stalled = place.server.sendRaw(Self.beginning(of: 10 * 1024 * 1024, sent: 1_000))
      try await eventually("the body's time runs") { clock.sleepers == [.seconds(20)] }
      clock.wakeAll()
      let answer = try await stalled
      #expect(answer.status == 408)
      #expect(try answer.json(ErrorView.self).code == "too-slow")
    }
  }

  @Test func bodiesThatStallMakeRoomForOneThatDoesNot() async throws {
    let clock = SteppedClock()
    try await Place.with(Self.narrow, clock: clock) { place in
      async let oldest = place.server.sendRaw(Self.beginning(of: 2_000, sent: 1_999))
      try await eventually("the first body begins") { clock.sleepers.count == 1 }
      async let newer = place.server.sendRaw(Self.beginning(of: 2_000, sent: 1_999))
      try await eventually("the second body begins") { clock.sleepers.count == 2 }
      let taken = try await place.server.deliver(Push().json)
      #expect(taken.status == 202)
      #expect(try await oldest.status == 503)
      clock.wakeAll()
      #expect(try await newer.status == 408)
    }
  }

  @Test func otherRoutesTakeNothingFromTheWebhooks() async throws {
    var configuration = FrontendConfiguration.test
    configuration.limits.bodies = 1
    try await Place.with(configuration) { place in
      let refused = try await place.server.send("POST", "/api/v1/jobs/library/builds", body: "{}")
      #expect(refused.status == 503)
      let taken = try await place.server.deliver("{}", event: "ping")
      #expect(taken.status == 200)
    }
  }

  /// A webhook of which so many bytes are announced, and fewer come.
  private static func beginning(of size: Int, sent: Int, _ signature: String = signature) -> [UInt8] {
    let head =
      "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-GitHub-Event: push\r\n"
      + "X-Hub-Signature-256: \(signature)\r\nContent-Length: \(size)\r\n\r\n"
    return Array((head + String(repeating: "x", count: sent)).utf8)
  }
}
