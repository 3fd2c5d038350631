/// Which build of another job artifacts are copied from.
package enum BuildSelector: Hashable, Sendable {
  /// The newest that has succeeded.
  case latestSuccessful
  /// The newest that has ended.
  case latest
  /// The build whose `then` started this one.
  case triggering
  case number(Int)

  /// - Throws: ``ValidationError`` when the text is none of them.
  package init(_ text: String) throws(ValidationError) {
    switch text {
    case "latest-successful": self = .latestSuccessful
    case "latest": self = .latest
    case "triggering": self = .triggering
    default:
      guard let number = Int(text), number > 0, String(number) == text else {
        throw ValidationError(
          "\(text.quoted) does not select a build",
          remedy: "write latest-successful, latest, triggering or the number of a build")
      }
      self = .number(number)
    }
  }
}
