/// A value that a type refused to hold.
package struct ValidationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the value, as a sentence without its final full stop.
  package let message: String
  /// What to do about it.
  package let remedy: String

  package init(_ message: String, remedy: String) {
    self.message = message
    self.remedy = remedy
  }

  package var description: String { "\(message); \(remedy)" }
}
