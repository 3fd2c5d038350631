/// One thing that is wrong with a job file, where it stands and how to mend it.
package struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// Not JSON. Nothing else of the file is reported then.
    case syntax
    case unknownKey
    case missingKey
    /// A string where an array should be, and the like.
    case wrongType
    case invalidValue
    case duplicate
    /// A reference or a need that names nothing.
    case unknownReference
    case cycle
    /// More of something than a job may hold.
    case limit
    /// The format knows it; this version of the program cannot do it.
    case notSupportedYet
  }

  package let file: String
  package let position: SourcePosition
  /// Where in the structure, such as `tasks[2].needs[0]`; empty for the file as a whole.
  package let path: String
  package let code: Code
  /// A sentence without its final full stop.
  package let message: String
  package let remedy: String

  package var line: Int { position.line }
  package var column: Int { position.column }

  /// `file:line:column: message (at path); remedy`
  package var description: String {
    "\(file):\(position): \(message)\(path.isEmpty ? "" : " (at \(path))"); \(remedy)"
  }
}
