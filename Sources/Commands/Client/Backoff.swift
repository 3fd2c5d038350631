/// How long to wait between attempts, and for how long in all.
package struct Backoff: Sendable {
  /// The first pause; each further one is twice as long.
  package var first: Duration
  package var most: Duration
  /// After the first of a row of failures.
  package var bound: Duration

  package init(first: Duration, most: Duration, bound: Duration) {
    self.first = first
    self.most = most
    self.bound = bound
  }

  /// Long enough for a frontend to be restarted or replaced.
  package static let patient = Backoff(first: .milliseconds(200), most: .seconds(5), bound: .seconds(180))
}
