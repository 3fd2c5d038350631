import Coordination
import GRDB
import SQLiteQueries

/// The sessions that have not been buried. Whether they live, their ``SessionFolder`` tells.
struct SessionTable {
  let database: Database

  func contains(_ session: SessionID) throws -> Bool {
    try database.query("SELECT 1 FROM sessions WHERE id = ?").first(session.rawValue) { _ in } != nil
  }

  func containsAny(of sessions: [SessionID]) throws -> Bool {
    try sessions.contains { try contains($0) }
  }

  func all() throws -> [SessionID] {
    try database.query("SELECT id FROM sessions").all { SessionID(rawValue: $0[0]) }
  }

  /// A number that no session of this store ever had.
  func nextID() throws -> SessionID {
    try database.query("UPDATE counters SET sessions = sessions + 1").run()
    let id = try database.query("SELECT sessions FROM counters").first { SessionID(rawValue: $0[0]) }
    guard let id else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return id
  }

  func insert(_ session: SessionID) throws {
    try database.query("INSERT INTO sessions VALUES (?)").run(session.rawValue)
  }

  func delete(_ session: SessionID) throws {
    try database.query("DELETE FROM sessions WHERE id = ?").run(session.rawValue)
  }
}
