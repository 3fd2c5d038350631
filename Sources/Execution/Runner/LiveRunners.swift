internal import Synchronization

/// The runners that this process has spawned and not yet reaped. Spawning, reaping and the search for orphans exclude each
/// other, so that a runner is never taken for an orphan.
enum LiveRunners {
  private static let pids = Mutex<Set<Int32>>([])

  /// Performs `body` while nobody else spawns, reaps or searches.
  static func withLock<Value: Sendable, Failure: Error>(
    _ body: (inout sending Set<Int32>) throws(Failure) -> sending Value
  ) throws(Failure) -> sending Value {
    try pids.withLock(body)
  }
}
