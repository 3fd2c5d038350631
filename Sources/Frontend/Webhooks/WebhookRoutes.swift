import Foundation
import Hummingbird
import Model

enum WebhookRoutes {
  static let routes = [Route(.post, "/webhooks/github", .signed, github)]

  @Sendable private static func github(_ call: Call) async throws -> Response {
    let secrets = call.configuration.webhookSecrets.filter { !$0.isEmpty }
    guard !secrets.isEmpty else { throw noSecret }
    // Looked for before the body is read, so that strangers cannot make the server hold large ones.
    guard let signature = call.request.headers[.githubSignature].flatMap({ WebhookSignature($0) }) else {
      throw wrongSignature
    }
    let (limit, budget) = (call.configuration.limits.webhook, call.surroundings.webhookBudget)
    return try await call.withBody(upTo: limit, from: budget) { body in
      guard signature.isValid(of: body, secrets: secrets) else { throw wrongSignature }
      return try await answer(call, body)
    }
  }

  /// - Parameter body: signed.
  private static func answer(_ call: Call, _ body: [UInt8]) async throws -> Response {
    switch call.request.headers[.githubEvent] {
    case "ping": return try Reply.json(WebhookView("the hook works"))
    case "push":
      let push = try pushEvent(try payload(of: body, call.request.headers[.contentType] ?? ""))
      let view = try await PushHandling(repository: try call.repository()).handle(push, delivery: delivery(of: call))
      return try Reply.json(view, view.started.isEmpty ? .accepted : .ok)
    case "pull_request":
      let event = try pullRequestEvent(try payload(of: body, call.request.headers[.contentType] ?? ""))
      let handling = PullRequestHandling(repository: try call.repository())
      let view = try await handling.handle(event, delivery: delivery(of: call))
      return try Reply.json(view, view.started.isEmpty && view.cancelled == nil ? .accepted : .ok)
    case let event:
      let name = event.map { "'\($0.prefix(50))'" } ?? "without a name"
      return try Reply.json(WebhookView("events \(name) start nothing"), .accepted)
    }
  }

  private static func delivery(of call: Call) -> String? {
    call.request.headers[.githubDelivery].map { String($0.prefix(100)) }
  }

  private static func pullRequestEvent(_ payload: [UInt8]) throws -> PullRequestEvent {
    do {
      let event = try JSONBytes.decode(PullRequestEvent.self, from: payload)
      try event.check()
      return event
    } catch is DecodingError {
      throw RequestError.invalid(
        "the payload is not a pull_request event", remedy: "see the forge's log of the delivery")
    }
  }

  private static func pushEvent(_ payload: [UInt8]) throws -> PushEvent {
    do {
      // Only what the event's type names is kept, and the decoder bounds the depth.
      let push = try JSONBytes.decode(PushEvent.self, from: payload)
      try push.check()
      return push
    } catch is DecodingError {
      throw RequestError.invalid("the payload is not a push event", remedy: "see the forge's log of the delivery")
    }
  }

  /// The JSON in a body, which may come as the field `payload` of a form.
  private static func payload(of body: [UInt8], _ type: String) throws -> [UInt8] {
    guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else { return body }
    let fields = body.split(separator: UInt8(ascii: "&"))
    guard let field = fields.first(where: { $0.starts(with: Array("payload=".utf8)) }),
      let payload = FormField.decoded(field.dropFirst(8))
    else {
      throw RequestError.invalid("the form has no field 'payload'", remedy: "let the forge send JSON")
    }
    return payload
  }

  private static let noSecret = RequestError(
    .serviceUnavailable, "no-webhook-secret", "webhooks are not taken: no secret is configured",
    remedy: "set DISTCI_GITHUB_WEBHOOK_SECRET where the frontend runs, and the same secret at the forge")

  private static let wrongSignature = RequestError(
    .unauthorized, "wrong-signature", "the webhook has no valid X-Hub-Signature-256",
    remedy: "set the same secret here and at the forge")
}
