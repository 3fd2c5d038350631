import Coordination
import Synchronization

/// Finds out which sessions are dead, and deletes what they leave behind.
final class Burial: WriteJob {
  private let suspects: [SessionID]?
  private let folder: SessionFolder
  private let locked = Mutex<Set<SessionID>>([])
  private let buried = Mutex<[(id: SessionID, remains: SessionFolder.Remains)]>([])

  /// Those whose lock was held when it was looked at.
  var held: Set<SessionID> { locked.withLock { $0 } }

  /// - Parameter suspects: the sessions to look at; `nil` for all that there are.
  init(of suspects: [SessionID]?, in folder: SessionFolder) {
    self.suspects = suspects
    self.folder = folder
  }

  func perform(in transaction: inout WriteTransaction) throws {
    for session in try candidates(in: transaction) {
      guard let remains = try folder.remains(of: session) else {
        locked.withLock { _ = $0.insert(session) }
        continue
      }
      try transaction.endSession(session)
      buried.withLock { $0.append((session, remains)) }
    }
  }

  /// All that have a row; and, when asked for all, those who have only a file, left by a commit that failed.
  private func candidates(in transaction: WriteTransaction) throws -> [SessionID] {
    let table = SessionTable(database: transaction.database)
    guard let suspects else { return try Array(Set(table.all()).union(folder.sessions())) }
    return try suspects.filter(table.contains)
  }

  func finish(_ failure: (any Error)?) {
    for (session, remains) in buried.withLock({ $0 }) {
      if failure == nil { folder.remove(session) }
      remains.lock?.release()
    }
  }
}
