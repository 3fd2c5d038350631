import Model

/// What a webhook came to, for the forge's list of deliveries.
struct WebhookView: Encodable {
  struct Refusal: Encodable {
    var job: JobName
    var message: String
    var remedy: String
  }

  var started: [BuildReference]
  /// Whether they had been started before.
  var isRepeat: Bool
  /// Why nothing, or nothing new, was started.
  var reason: String?
  /// Jobs that wait for it and cannot be built.
  var refused: [Refusal]
  /// What it ended, if that is what it does.
  var cancelled: [BuildReference]?

  init(_ reason: String?, started: [BuildID] = [], isRepeat: Bool = false, refused: [Refusal] = []) {
    self.reason = reason
    self.started = started.map(BuildReference.init)
    self.isRepeat = isRepeat
    self.refused = refused
  }

  enum CodingKeys: String, CodingKey {
    case started
    case isRepeat = "repeat"
    case reason
    case refused, cancelled
  }
}
