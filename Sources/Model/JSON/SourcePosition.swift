/// A place in a text file.
package struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Counts from 1.
  package let line: Int
  /// Counts Unicode scalars from 1.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Where a file starts.
  package static let start = SourcePosition(line: 1, column: 1)

  package var description: String { "\(line):\(column)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
