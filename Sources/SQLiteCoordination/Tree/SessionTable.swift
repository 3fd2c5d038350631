import Coordination
import GRDB

/// The sessions that have not been buried. Whether they live, their ``SessionFolder`` tells.
struct SessionTable {
  let database: Database

  func contains(_ session: SessionID) throws -> Bool {
    try Int.fetchOne(
      database.cachedStatement(sql: "SELECT 1 FROM sessions WHERE id = ?"), arguments: [session.rawValue]) != nil
  }

  func containsAny(of sessions: [SessionID]) throws -> Bool {
    try sessions.contains { try contains($0) }
  }

  func all() throws -> [SessionID] {
    try Int64.fetchAll(database.cachedStatement(sql: "SELECT id FROM sessions")).map(SessionID.init(rawValue:))
  }

  /// A number that no session of this store ever had.
  func nextID() throws -> SessionID {
    try database.cachedStatement(sql: "UPDATE counters SET sessions = sessions + 1").execute()
    let id = try Int64.fetchOne(database.cachedStatement(sql: "SELECT sessions FROM counters"))
    guard let id else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return SessionID(rawValue: id)
  }

  func insert(_ session: SessionID) throws {
    try database.cachedStatement(sql: "INSERT INTO sessions VALUES (?)").execute(arguments: [session.rawValue])
  }

  func delete(_ session: SessionID) throws {
    try database.cachedStatement(sql: "DELETE FROM sessions WHERE id = ?").execute(arguments: [session.rawValue])
  }
}
