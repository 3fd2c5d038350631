/// A text with `${name}` references. `$${` stands for a literal `${`; every other `$` stands for itself.
package struct Template: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case literal(String)
    case reference(String)
  }

  private(set) var parts: [Part] = []

  /// - Throws: ``ValidationError`` when a reference is not closed or holds what is no name.
  package init(_ text: String) throws(ValidationError) {
    guard text.utf8.contains(UInt8(ascii: "$")) else {
      if !text.isEmpty { parts = [.literal(text)] }
      return
    }
    var literal = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if rest.starts(with: Self.escape) {
        literal.append(contentsOf: Self.opening)
        rest = rest.dropFirst(3)
      } else if rest.starts(with: Self.opening) {
        if !literal.isEmpty { parts.append(.literal(String(literal))) }
        literal.removeAll()
        parts.append(.reference(try Self.takeName(from: &rest)))
      } else {
        literal.append(scalar)
        rest = rest.dropFirst()
      }
    }
    if !literal.isEmpty { parts.append(.literal(String(literal))) }
  }

  /// The names that it refers to, in the order of the text.
  package var references: [String] {
    parts.compactMap { part in if case .reference(let name) = part { name } else { nil } }
  }

  package var startsWithReference: Bool {
    if case .reference = parts.first { true } else { false }
  }

  /// Puts values in the place of the references. A value is never read as a template itself.
  ///
  /// - Throws: ``ValidationError`` that names a reference without a value.
  package func resolved(with values: [String: String]) throws(ValidationError) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .reference(let name):
        guard let value = values[name] else { throw Self.missing(name, among: values.keys.sorted()) }
        text += value
      }
    }
    return text
  }

  /// The text with the same value in the place of every reference.
  func filled(with value: String) -> String {
    parts.map { part in if case .literal(let literal) = part { literal } else { value } }.joined()
  }

  /// The template that stands for exactly `text`.
  package static func escaping(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if rest.starts(with: opening) { escaped.append("$") }
      escaped.append(scalar)
      rest = rest.dropFirst()
    }
    return String(escaped)
  }

  static func missing(_ name: String, among known: [String]) -> ValidationError {
    let remedy =
      Suggestion.nearest(to: name, among: known).map { "did you mean ${\($0)}?" }
      ?? "use a parameter of the job, or branch, commit, event, build or job; write $${ for a literal ${"
    return ValidationError("${\(name)} has no value here", remedy: remedy)
  }

  private static let escape: [Unicode.Scalar] = ["$", "$", "{"]
  private static let opening: [Unicode.Scalar] = ["$", "{"]

  private static func takeName(
    from rest: inout Substring.UnicodeScalarView
  ) throws(ValidationError) -> String {
    let name = String(Substring(rest.dropFirst(2).prefix { $0 != "}" }))
    let isClosed = rest.dropFirst(2).contains("}")
    guard isClosed, (try? ParameterName(name)) != nil else {
      throw ValidationError(
        isClosed ? "the name \(name.quoted) in ${…} is no name" : "a '${' is never closed",
        remedy: "write ${name}, or $${ for a literal ${")
    }
    rest = rest.dropFirst(3 + name.unicodeScalars.count)
    return name
  }
}
