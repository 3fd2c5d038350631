import GRDB
import SQLiteQueries

/// A database of one table, and commits of one row each that are as durable as the store's: the floor that a bench compares
/// the store with.
package final class BareCommits: Sendable {
  private let database: DatabasePool

  /// - Parameter path: of a file that is not there yet, best on the file system of the store.
  package init(path: String) throws {
    database = try DatabasePool(path: path)
    try database.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, data TEXT)")
    }
  }

  /// Returns when the row is on disk. Blocks.
  package func commit(_ data: String) throws {
    try database.writeWithoutTransaction { database in
      try database.inImmediateTransaction {
        try database.query("INSERT INTO rows (data) VALUES (?)").run(data)
        return .commit
      }
    }
  }

  /// Closes the file. Blocks.
  package func close() throws { try database.close() }
}
