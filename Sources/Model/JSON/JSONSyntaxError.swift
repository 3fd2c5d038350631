/// Text that is not JSON, or more of it than the reader takes.
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  package let position: SourcePosition
  /// A sentence without its final full stop.
  package let message: String
  package let remedy: String

  package init(at position: SourcePosition, _ message: String, remedy: String) {
    self.position = position
    self.message = message
    self.remedy = remedy
  }

  package var description: String { "\(position): \(message); \(remedy)" }
}
