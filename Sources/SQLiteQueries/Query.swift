package import GRDB
import GRDBSQLite

/// A statement that its connection prepares once and runs many times. Values go straight into SQLite and come straight out
/// of it.
///
/// GRDB keeps the prepared statement, and finalises it before it closes the connection. The rest of GRDB's way to run one is
/// left out – checked argument lists, rows that copy themselves, observers of each change –, as it costs more than SQLite
/// itself does for the row or two of a small statement. So nobody can observe what is changed here through GRDB.
///
/// To be used only where the `Database` may be, and not to be kept longer than that. Every method throws GRDB's
/// `DatabaseError`; the query can be run again afterwards.
package struct Query {
  private let statement: Statement

  fileprivate init(_ statement: Statement) {
    self.statement = statement
  }

  /// Runs it to its end.
  ///
  /// - Parameter values: for the statement's parameters, as many as it has.
  /// - Returns: how many rows it changed, if it is one that changes rows.
  @discardableResult
  package func run<each Value: QueryValue>(_ values: repeat each Value) throws -> Int {
    checkIdle()
    defer { reset() }
    try bind(repeat each values)
    while try step() {}
    return unsafe Int(sqlite3_changes(sqlite3_db_handle(statement.sqliteStatement)))
  }

  /// What is read from the first row; `nil` where there is none.
  package func first<each Value: QueryValue, Result>(
    _ values: repeat each Value, read: (QueryRow) throws -> Result
  ) throws -> Result? {
    checkIdle()
    defer { reset() }
    try bind(repeat each values)
    return try step() ? read(QueryRow(statement: statement)) : nil
  }

  /// What is read from each row.
  package func all<each Value: QueryValue, Result>(
    _ values: repeat each Value, read: (QueryRow) throws -> Result
  ) throws -> [Result] {
    checkIdle()
    defer { reset() }
    try bind(repeat each values)
    var results: [Result] = []
    while try step() { try results.append(read(QueryRow(statement: statement))) }
    return results
  }

  // MARK: Steps

  private func checkIdle() {
    precondition(unsafe sqlite3_stmt_busy(statement.sqliteStatement) == 0, "a query was run while its rows were read")
  }

  private func bind<each Value: QueryValue>(_ values: repeat each Value) throws {
    var count: Int32 = 0
    for value in repeat each values {
      count += 1
      let code = value.bind(to: statement, at: count)
      guard code == SQLITE_OK else { throw failure(code) }
    }
    // SQLite would take NULL for those that are missing.
    guard unsafe count == sqlite3_bind_parameter_count(statement.sqliteStatement) else {
      throw DatabaseError(resultCode: .SQLITE_RANGE, message: "too few values", sql: statement.sql)
    }
  }

  /// Whether there is one more row.
  private func step() throws -> Bool {
    switch unsafe sqlite3_step(statement.sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  /// To be called before the connection is used for anything else, as that would change the message.
  private func failure(_ code: Int32) -> DatabaseError {
    let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(statement.sqliteStatement)))
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
  }

  /// Ends the statement's part in the transaction, and lets go of the values.
  private func reset() {
    // It repeats the error of the last step, which has been thrown.
    _ = unsafe sqlite3_reset(statement.sqliteStatement)
    _ = unsafe sqlite3_clear_bindings(statement.sqliteStatement)
  }
}

extension Database {
  /// The query of this text, prepared when it is asked for the first time.
  package func query(_ sql: String) throws -> Query {
    Query(try cachedStatement(sql: sql))
  }
}
