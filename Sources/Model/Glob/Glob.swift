/// A pattern over paths, branch names or tag names.
///
/// | pattern | matches |
/// |---|---|
/// | `*` | any number of characters except `/` |
/// | `?` | one character except `/` |
/// | `[a-z]` `[!a-z]` | one character of the set, or not of it; never `/` |
/// | `**/` at the start of a component | any number of directories, also none |
/// | `**` elsewhere | any number of characters, `/` included |
/// | `\x` | the character `x` itself |
///
/// Everything else matches itself, case included, and the whole text must match. A leading dot is nothing special.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
  package let pattern: String
  private let elements: [GlobElement]

  /// - Throws: ``ValidationError`` when the pattern is empty, longer than 1,024 bytes, holds a control character or is
  ///   not complete.
  package init(_ pattern: String) throws(ValidationError) {
    guard !pattern.isEmpty else {
      throw ValidationError("a glob is empty", remedy: "write a pattern such as \"dist/**\"")
    }
    guard pattern.utf8.count <= 1024 else {
      throw ValidationError("a glob has more than 1,024 bytes", remedy: "write several shorter ones")
    }
    try ControlCharacters.refuse(in: pattern, of: "the glob")
    self.pattern = pattern
    elements = try GlobParser.elements(of: pattern)
  }

  package var description: String { pattern }

  /// Whether the whole of `text` matches. Takes at most (length of text × length of pattern) steps, whatever they hold.
  package func matches(_ text: String) -> Bool {
    var present = GlobStates(elements)
    for scalar in text.unicodeScalars {
      present.step(over: scalar)
      if present.isDead { return false }
    }
    return present.isAccepting
  }

  /// The pattern that matches exactly `text`.
  package static func escaping(_ text: String) -> String {
    var pattern = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if "*?[]\\".unicodeScalars.contains(scalar) { pattern.append("\\") }
      pattern.append(scalar)
    }
    return String(pattern)
  }

  package static func == (left: Self, right: Self) -> Bool { left.pattern == right.pattern }

  package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}
