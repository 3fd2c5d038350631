/// Why there is no completion to report.
package struct ExecutionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What the caller can do about it.
  package enum Code: Sendable, Equatable {
    /// The command cannot be expressed, e.g. an argument holds a NUL. Trying again does not help.
    case invalidCommand
    /// The command did not start, for a reason that lies with it. Trying again does not help.
    case notStarted(StartStep)
    /// The machine failed, not the command: it is worth another attempt, perhaps elsewhere.
    case infrastructure
  }

  /// What the caller can do about it.
  package var code: Code

  /// What went wrong, and how to mend it.
  package var message: String

  /// The kernel's error number, if it gave one.
  package var errorNumber: Int32?

  /// What went wrong, for people.
  package var description: String { message }
}
