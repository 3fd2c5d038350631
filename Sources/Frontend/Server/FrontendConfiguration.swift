/// Where a frontend listens, and what it takes.
package struct FrontendConfiguration: Sendable {
  /// The address to listen on.
  package var host: String
  /// 0 takes a free one.
  package var port: Int
  /// The names, other than those of this very machine, under which browsers and forges reach it, as they stand in `Host`:
  /// `ci.example.org` or `ci.example.org:8443`.
  package var publicNames: [String]
  /// Any of them may have signed a webhook: two while one replaces the other.
  package var webhookSecrets: [String]
  package var limits: FrontendLimits

  package init(
    host: String = "127.0.0.1", port: Int = 8080, publicNames: [String] = [], webhookSecrets: [String] = [],
    limits: FrontendLimits = FrontendLimits()
  ) {
    self.host = host
    self.port = port
    self.publicNames = publicNames
    self.webhookSecrets = webhookSecrets
    self.limits = limits
  }

  /// Whether only this machine can reach the frontend.
  package var isLoopback: Bool {
    host == "localhost" || IPLiteral(host)?.isLoopback == true
  }
}

/// What a frontend takes from clients before it says no.
package struct FrontendLimits: Sendable {
  /// Bytes of a request's body, where the route says nothing else.
  package var body = 64 * 1024
  /// Bytes of a webhook's body.
  package var webhook = 25 * 1024 * 1024
  /// Bytes of all bodies that are held at one time, other than those of webhooks.
  package var bodies = 64 * 1024 * 1024
  /// Bytes of all bodies of webhooks that are held at one time.
  package var webhookBodies = 192 * 1024 * 1024
  /// How long a client may take to send a body, however small.
  package var bodyTime = Duration.seconds(10)
  /// Bytes in a second at which a body, beyond that time, must come.
  package var bodyRate = 1024 * 1024
  /// Connections at one time; more wait until one is closed.
  package var connections = 8_192
  /// How long a connection may say nothing while a request of it is read, or none is under way.
  package var silence = Duration.seconds(60)
  /// How long a client may wait for a build's end in one request.
  package var wait = Duration.seconds(60)
  /// How long the stores have to answer a check.
  package var check = Duration.seconds(2)
  /// Between two looks at a log that grows.
  package var followPause = Duration.milliseconds(200)

  package init() {}
}
