package import GRDB
import GRDBSQLite

extension Database {
  /// Makes what the body changes one transaction, which has the lock for writing from its beginning: all of it is there when
  /// this returns, or nothing when the body answers `rollback`, or when anything is thrown, also by the commit itself.
  package func inImmediateTransaction(_ body: () throws -> TransactionCompletion) throws {
    try query("BEGIN IMMEDIATE").run()
    do {
      switch try body() {
      case .commit:
        try checkNotAborted()
        try query("COMMIT").run()
      case .rollback:
        try rollbackIfNeeded()
      }
    } catch {
      // The first error tells more than that of an attempt to tidy up after it.
      try? rollbackIfNeeded()
      throw error
    }
  }

  /// Makes what the body changes a part of the transaction around it, which is taken back alone when the body throws. Parts
  /// may stand in parts.
  ///
  /// - Throws: what the body threw; a `DatabaseError` when the part cannot be taken back alone, or when more than the part
  ///   has gone: then the transaction around it must not go on.
  package func inPart(_ body: () throws -> Void) throws {
    precondition(!isInAutocommit, "a part needs a transaction around it")
    try query("SAVEPOINT part").run()
    do {
      try body()
      try checkNotAborted()
      try query("RELEASE part").run()
    } catch let error as DatabaseError where isInAutocommit {
      throw error
    } catch {
      try checkNotAborted()
      try query("ROLLBACK TO part").run()
      try query("RELEASE part").run()
      throw error
    }
  }

  /// Some errors, as that of a full disk, make SQLite roll the whole transaction back by itself. Whoever went on after one
  /// must not take what is committed for the whole.
  private func checkNotAborted() throws {
    if isInAutocommit { throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction was rolled back") }
  }

  private func rollbackIfNeeded() throws {
    if !isInAutocommit { try query("ROLLBACK").run() }
  }

  /// Whether there is no transaction.
  private var isInAutocommit: Bool { unsafe sqlite3_get_autocommit(sqliteConnection) != 0 }
}
