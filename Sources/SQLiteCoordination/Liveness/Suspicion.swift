import Coordination

/// The sessions that are thought to be dead, until they are buried or turn out to live.
///
/// That a session's file was closed is heard a moment before the kernel lets go of its lock; and the one who finds the lock
/// free and takes it to bury the session may die itself. So nobody is taken to be alive because the lock is held once.
struct Suspicion: Sendable {
  /// So long a lock may still be held after it was first found held. Beyond that, somebody else has opened and closed the file
  /// of one that lives.
  static let patience: Duration = .seconds(5)

  enum Look: Hashable {
    case at(Set<SessionID>)
    case atAll
  }

  /// When they were first found with their lock held; `nil` of those that nobody has looked at yet.
  private var since: [SessionID: ContinuousClock.Instant?] = [:]
  private var looksAtAll: Int

  /// - Parameter looksAtAll: so many looks are to be taken at everybody. Of two, the second sees those whose lock was still held
  ///   the first time.
  init(looksAtAll: Int = 0) {
    self.looksAtAll = looksAtAll
  }

  /// Whether there is nobody to be looked at.
  var isEmpty: Bool { since.isEmpty && looksAtAll == 0 }

  /// Their files were closed.
  mutating func add(_ sessions: [SessionID]) {
    for session in sessions where since[session] == nil { since[session] = .some(nil) }
  }

  /// Anybody's may have been.
  mutating func addAll() { looksAtAll = 2 }

  /// Whom to look at now, if anybody: who was looked at before, only after a pause.
  func look(isPauseOver: Bool) -> Look? {
    if looksAtAll > (isPauseOver ? 0 : 1) { return .atAll }
    let isDue = isPauseOver || since.values.contains(nil)
    return isDue && !since.isEmpty ? .at(Set(since.keys)) : nil
  }

  /// What was left of the dead is gone.
  ///
  /// - Parameter held: those who were looked at, and whose lock is held.
  mutating func settle(_ look: Look, held: Set<SessionID>, now: ContinuousClock.Instant) {
    if look == .atAll { looksAtAll -= 1 }
    since = since.filter { held.contains($0.key) }.mapValues { $0 ?? now }
      .filter { ($0.value ?? now) + Self.patience > now }
  }
}
