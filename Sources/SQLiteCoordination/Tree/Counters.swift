import GRDB
import SQLiteQueries

/// How many transactions and commits the store has seen. Session numbers have a column of their own.
struct Counters {
  let transactions: Int64
  let commits: Int64
  private let database: Database

  init(database: Database) throws {
    self.database = database
    let counts: (Int64, Int64)? = try database.query("SELECT transactions, commits FROM counters")
      .first { ($0[0], $0[1]) }
    guard let counts else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    (transactions, commits) = counts
  }

  func advance(transactions: Int64, commits: Int64) throws {
    try database.query("UPDATE counters SET transactions = ?, commits = ?").run(transactions, commits)
  }
}
