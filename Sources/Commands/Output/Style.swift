package import Model

/// What a text's colour says.
package enum Style: Hashable, Sendable {
  case plain
  case heading
  case good
  case bad
  case busy
  case quiet

  /// - Parameter text: holds no control characters.
  package func applied(to text: String, colours: Bool) -> String {
    guard colours, let code else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  private var code: String? {
    switch self {
    case .plain: nil
    case .heading: "1"
    case .good: "32"
    case .bad: "31"
    case .busy: "33"
    case .quiet: "2"
    }
  }

  /// `nil` is the verdict of what has not ended.
  package init(_ verdict: Verdict?) {
    self =
      switch verdict {
      case .succeeded: .good
      case .failed, .errored, .timedOut: .bad
      case .cancelled, .skipped: .quiet
      case nil: .busy
      }
  }
}
