/// A value that a trigger may give to a build.
package struct Parameter: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case string
    /// One of these, in the file's order.
    case choice([String])
    /// `true` or `false`.
    case boolean
    /// A decimal 64-bit integer.
    case integer
  }

  package var name: ParameterName
  package var kind: Kind
  /// Already checked against `kind`. A parameter without one must be given.
  package var `default`: String?

  package init(name: ParameterName, kind: Kind, default: String? = nil) {
    self.name = name
    self.kind = kind
    self.default = `default`
  }
}
