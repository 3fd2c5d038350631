import GRDB

/// How many transactions and commits the store has seen. Session numbers have a column of their own.
struct Counters {
  let transactions: Int64
  let commits: Int64
  private let database: Database

  init(database: Database) throws {
    self.database = database
    let statement = try database.cachedStatement(sql: "SELECT transactions, commits FROM counters")
    guard let row = try Row.fetchOne(statement) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    transactions = row[0]
    commits = row[1]
  }

  func advance(transactions: Int64, commits: Int64) throws {
    try database.cachedStatement(sql: "UPDATE counters SET transactions = ?, commits = ?")
      .execute(arguments: [transactions, commits])
  }
}
