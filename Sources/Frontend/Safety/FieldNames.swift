import HTTPTypes

extension HTTPField.Name {
  static let idempotencyKey = named("Idempotency-Key")
  static let githubEvent = named("X-GitHub-Event")
  static let githubDelivery = named("X-GitHub-Delivery")
  static let githubSignature = named("X-Hub-Signature-256")
  static let user = named("X-DistCI-User")
  static let host = named("Host")
  static let fetchSite = named("Sec-Fetch-Site")
  static let resourcePolicy = named("Cross-Origin-Resource-Policy")
  static let referrerPolicy = named("Referrer-Policy")

  private static func named(_ name: String) -> HTTPField.Name {
    guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
    return field
  }
}
