/// Why a coordination store did not do what it was asked.
package struct CoordinationError: Error, Sendable, CustomStringConvertible {
  /// Told apart by what the caller can do about it.
  package enum Code: Hashable, Sendable {
    /// The node, or for a create its parent, is not there.
    case noNode
    case nodeExists
    /// The node has another version than was expected: read again, and decide again.
    case badVersion
    /// A node with children cannot be deleted.
    case notEmpty
    /// A session node cannot have children.
    case sessionNodeHasNoChildren
    /// The session is over, and with it everything that it owned. Open another, and begin anew.
    case sessionEnded
    /// The connection was lost while a transaction was under way: it may have been done or not, or be done still. Find out
    /// with ``CoordinationSession/commit(_:committed:)``.
    case outcomeUnknown
    /// Larger than ``CoordinationLimits`` allow. Nothing was sent.
    case tooLarge
    /// The store has no room left (disk full, quota). Nothing was changed.
    case noSpace
    /// The store could not be reached within its time.
    case unavailable
    /// The store answered in a way that it should not: damaged, of another format, or not permitted.
    case refused
  }

  package var code: Code
  /// The node at fault, when there is one.
  package var path: NodePath?
  /// What went wrong and how to mend it, in a sentence.
  package var message: String
  /// The position in the transaction of the change that failed it.
  package var changeIndex: Int?

  package init(_ code: Code, path: NodePath? = nil, message: String = "", changeIndex: Int? = nil) {
    self.code = code
    self.path = path
    self.message = message
    self.changeIndex = changeIndex
  }

  package var description: String {
    let place = path.map { " at \($0)" } ?? ""
    return message.isEmpty ? "\(code)\(place)" : "\(code)\(place): \(message)"
  }
}
