/// A JSON value as it stands in a file, with the place where it starts.
package struct JSONNode: Hashable, Sendable {
  package indirect enum Content: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// As written, so that no digit is lost.
    case number(String)
    case string(String)
    case array([JSONNode])
    /// In the file's order; keys are unique.
    case object([JSONMember])
  }

  package let position: SourcePosition
  package let content: Content

  package init(position: SourcePosition, content: Content) {
    self.position = position
    self.content = content
  }
}

/// One `"key": value` of a JSON object.
package struct JSONMember: Hashable, Sendable {
  package let key: String
  package let keyPosition: SourcePosition
  package let value: JSONNode

  package init(key: String, keyPosition: SourcePosition, value: JSONNode) {
    self.key = key
    self.keyPosition = keyPosition
    self.value = value
  }
}

extension JSONNode {
  /// What the value is called in an error message.
  package var noun: String {
    switch content {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The value of a member, if this is an object that has it.
  package subscript(key: String) -> JSONNode? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.key == key }?.value
  }
}
