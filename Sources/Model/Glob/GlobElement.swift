/// One step of a compiled glob.
enum GlobElement: Sendable {
  case literal(Unicode.Scalar)
  /// `?`
  case one
  /// `[…]`
  case set([ClosedRange<Unicode.Scalar>], negated: Bool)
  /// `*`
  case star
  /// `**`
  case doubleStar
  /// `**/` at the start of a component, which is always followed by `insideDirectories`.
  case directories
  case insideDirectories
}
