/// A piece of work that is committed as a whole.
protocol WriteJob: Sendable {
  /// Called on the writer's thread. Undone when it throws.
  func perform(in transaction: inout WriteTransaction) throws
  /// Called once, when the work is on disk, or has failed.
  func finish(_ failure: (any Error)?)
}
