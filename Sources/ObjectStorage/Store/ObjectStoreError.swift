/// Why an object store did not do what it was asked.
package struct ObjectStoreError: Error, Sendable, CustomStringConvertible {
  /// Told apart by what the caller can do about it.
  package enum Code: Hashable, Sendable {
    case alreadyExists
    /// An index does not hold what a change expected: read again, and decide again.
    case conditionFailed
    /// Larger than ``ObjectLimits`` allow. Nothing was sent.
    case tooLarge
    /// No room left (disk full, quota).
    case noSpace
    /// The store did not answer within its time.
    case unavailable
    /// What was read is not what was written.
    case damaged
    /// The store said no, or answered in a way that it should not.
    case refused
  }

  package var code: Code
  package var key: ObjectKey?
  /// What went wrong and how to mend it, in a sentence.
  package var message: String

  package init(_ code: Code, key: ObjectKey? = nil, message: String = "") {
    self.code = code
    self.key = key
    self.message = message
  }

  package var description: String {
    let place = key.map { " at \($0)" } ?? ""
    return message.isEmpty ? "\(code)\(place)" : "\(code)\(place): \(message)"
  }
}
