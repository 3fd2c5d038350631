/// One entry of an index.
package struct IndexEntry: Hashable, Sendable {
  package var key: String
  package var value: [UInt8]

  package init(key: String, value: [UInt8]) {
    self.key = key
    self.value = value
  }
}

/// One step of a change to an index.
package struct IndexChange: Hashable, Sendable {
  /// What the index must hold under the key for the change to be made.
  package enum Expectation: Hashable, Sendable {
    case anything
    case absent
    case value([UInt8])
  }

  package var key: String
  /// The new value; `nil` removes the entry.
  package var value: [UInt8]?
  package var expecting: Expectation

  package init(key: String, value: [UInt8]?, expecting: Expectation = .anything) {
    self.key = key
    self.value = value
    self.expecting = expecting
  }
}
