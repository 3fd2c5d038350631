import Foundation
import GRDB
import ObjectStorage

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

  func value(in index: ObjectKey, at key: String) throws -> [UInt8]? {
    try pool.read { try Self.value(of: Self.primaryKey(index, key), in: $0) }
  }

  func entries(in index: ObjectKey, after: String, limit: Int) throws -> [IndexEntry] {
    try pool.read { database in
      let statement = try database.cachedStatement(
        sql: #"SELECT key, value FROM entry WHERE "index" = ? AND key > ? ORDER BY key LIMIT ?"#)
      let rows = try Row.fetchAll(statement, arguments: Self.primaryKey(index, after) + [limit])
      return rows.map { row in
        let key: Data = row[0], value: Data = row[1]
        return IndexEntry(key: String(decoding: key, as: UTF8.self), value: Array(value))
      }
    }
  }

  func update(_ index: ObjectKey, _ changes: [IndexChange]) throws {
    try pool.write { database in
      for change in changes { try Self.check(change, of: index, in: database) }
      for change in changes { try Self.apply(change, to: index, in: database) }
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
    guard try value(of: primaryKey(index, change.key), in: database) == expected else {
      throw ObjectStoreError(.conditionFailed, key: index)
    }
  }

  private static func apply(_ change: IndexChange, to index: ObjectKey, in database: Database) throws {
    let primaryKey = primaryKey(index, change.key)
    guard let value = change.value else {
      let statement = try database.cachedStatement(sql: #"DELETE FROM entry WHERE "index" = ? AND key = ?"#)
      return try statement.execute(arguments: primaryKey)
    }
    let statement = try database.cachedStatement(
      sql: #"INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"#)
    try statement.execute(arguments: primaryKey + [Data(value)])
  }

  private static func value(of primaryKey: StatementArguments, in database: Database) throws -> [UInt8]? {
    let statement = try database.cachedStatement(sql: #"SELECT value FROM entry WHERE "index" = ? AND key = ?"#)
    return try Data.fetchOne(statement, arguments: primaryKey).map { Array($0) }
  }

  private static func primaryKey(_ index: ObjectKey, _ key: String) -> StatementArguments {
    [Data(index.string.utf8), Data(key.utf8)]
  }
}

extension ObjectStoreError {
  /// The only place where a result code of SQLite becomes an error of the store.
  init(_ error: DatabaseError, at index: ObjectKey?) {
    let reason = "indexes: \(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(.noSpace, key: index, message: "\(reason); free space in the object folder, or raise its quota")
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM:
      self.init(.unavailable, key: index, message: "\(reason); another process holds it for long, try again later")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR:
      self.init(.damaged, key: index, message: "\(reason); look at the disk, and restore the indexes from a backup")
    default:
      self.init(.refused, key: index, message: "\(reason); let this user, and only this program, write the indexes")
    }
  }
}
