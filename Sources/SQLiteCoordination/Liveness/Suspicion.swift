import Coordination

/// The sessions that are thought to be dead, until they are buried or turn out to live.
///
/// That a session's file was closed is heard a moment before the kernel lets go of its lock; and the one who finds the lock
/// free and takes it to bury the session may die itself. So nobody is taken to be alive because the lock is held once.
struct Suspicion: Sendable {
  /// So long a lock may still be held after its file was closed. Beyond that, somebody else has opened and closed the file of
  /// one that lives.
  static let patience: Duration = .seconds(5)

  private var since: [SessionID: ContinuousClock.Instant] = [:]
  private var looksAtAll = 0

  /// Whether there is nobody to be looked at.
  var isEmpty: Bool { since.isEmpty && looksAtAll == 0 }

  /// Those to be looked at; `nil` is everybody.
  var suspects: [SessionID]? { looksAtAll > 0 ? nil : Array(since.keys) }

  /// Their files were closed.
  mutating func add(_ sessions: [SessionID], now: ContinuousClock.Instant) {
    for session in sessions { since[session] = since[session] ?? now }
  }

  /// Anybody's may have been.
  mutating func addAll() {
    // The second time, those are seen whose lock was still held the first time.
    looksAtAll = 2
  }

  /// Everybody was looked at, and what was left of the dead is gone.
  ///
  /// - Parameter held: those whose lock is held.
  mutating func settle(held: Set<SessionID>, now: ContinuousClock.Instant) {
    since = since.filter { held.contains($0.key) && $0.value + Self.patience > now }
    looksAtAll = max(looksAtAll - 1, 0)
  }
}
