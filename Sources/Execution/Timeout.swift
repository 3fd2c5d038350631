/// A limit on time.
package enum Timeout: Sendable, Equatable {
  /// `Limits.total`.
  case total
  /// `Limits.idle`.
  case idle
}
