import GRDB
import ObjectStorage
import SQLiteQueries

/// The ordered indexes in one SQLite file, which several processes share. Every call blocks.
struct IndexDatabase: Sendable {
  let pool: DatabasePool

  init(path: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    pool = try DatabasePool(path: path, configuration: configuration)
    try pool.writeWithoutTransaction { database in
      // GRDB sets NORMAL, with which the last commits may be lost with the power.
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    try pool.write { database in
      // Blobs, as these are compared byte by byte.
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS entry (
            "index" BLOB NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY ("index", key)
          ) WITHOUT ROWID, STRICT
          """)
    }
  }

  func close() throws {
    try pool.close()
  }

  // Each is one statement, which is a snapshot by itself: no transaction is needed around it.

  func value(in index: ObjectKey, at key: String) throws -> [UInt8]? {
    try pool.unsafeRead { try Self.value(in: index, at: key, of: $0) }
  }

  func entries(in index: ObjectKey, after: String, limit: Int) throws -> [IndexEntry] {
    try pool.unsafeRead { database in
      try database.query(#"SELECT key, value FROM entry WHERE "index" = ? AND key > ? ORDER BY key LIMIT ?"#)
        .all(index.string.utf8, after.utf8, limit) { IndexEntry(key: $0[0], value: $0[1]) }
    }
  }

  func update(_ index: ObjectKey, _ changes: [IndexChange]) throws {
    try pool.writeWithoutTransaction { database in
      try database.inImmediateTransaction {
        for change in changes { try Self.check(change, of: index, in: database) }
        for change in changes { try Self.apply(change, to: index, in: database) }
        return .commit
      }
    }
  }
}

extension IndexDatabase {
  private static func check(_ change: IndexChange, of index: ObjectKey, in database: Database) throws {
    let expected: [UInt8]?
    switch change.expecting {
    case .anything: return
    case .absent: expected = nil
    case .value(let value): expected = value
    }
    guard try value(in: index, at: change.key, of: database) == expected else {
      throw ObjectStoreError(.conditionFailed, key: index)
    }
  }

  private static func apply(_ change: IndexChange, to index: ObjectKey, in database: Database) throws {
    if let value = change.value {
      try database.query("INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
        .run(index.string.utf8, change.key.utf8, value)
    } else {
      try database.query(#"DELETE FROM entry WHERE "index" = ? AND key = ?"#).run(index.string.utf8, change.key.utf8)
    }
  }

  private static func value(in index: ObjectKey, at key: String, of database: Database) throws -> [UInt8]? {
    try database.query(#"SELECT value FROM entry WHERE "index" = ? AND key = ?"#)
      .first(index.string.utf8, key.utf8) { $0[0] }
  }
}

extension ObjectStoreError {
  /// The only place where a result code of SQLite becomes an error of the store.
  init(_ error: DatabaseError, at index: ObjectKey?) {
    let reason = "indexes: \(error.resultCode)"
    switch error.extendedResultCode {
    // The latter when the disk is so full that not even the shared memory beside the file finds room.
    case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE:
      self.init(.noSpace, key: index, message: "\(reason); free space in the object folder, or raise its quota")
    case _ where [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM].contains(error.resultCode):
      self.init(.unavailable, key: index, message: "\(reason); another process holds it for long, try again later")
    case _ where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR].contains(error.resultCode):
      self.init(.damaged, key: index, message: "\(reason); look at the disk, and restore the indexes from a backup")
    default:
      self.init(.refused, key: index, message: "\(reason); let this user, and only this program, write the indexes")
    }
  }
}
