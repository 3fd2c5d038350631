package import GRDB
import GRDBSQLite

/// What goes into a parameter of a query, and comes out of a column.
package protocol QueryValue {
  /// - Parameter index: counted from 1.
  /// - Returns: SQLite's result code.
  func bind(to statement: Statement, at index: Int32) -> Int32
  /// - Parameter column: counted from 0.
  init(readFrom statement: Statement, column: Int32)
}

extension Int64: QueryValue {
  package func bind(to statement: Statement, at index: Int32) -> Int32 {
    unsafe sqlite3_bind_int64(statement.sqliteStatement, index, self)
  }

  package init(readFrom statement: Statement, column: Int32) {
    self = unsafe sqlite3_column_int64(statement.sqliteStatement, column)
  }
}

extension Int: QueryValue {
  package func bind(to statement: Statement, at index: Int32) -> Int32 {
    Int64(self).bind(to: statement, at: index)
  }

  package init(readFrom statement: Statement, column: Int32) {
    self.init(Int64(readFrom: statement, column: column))
  }
}

extension String: QueryValue {
  package func bind(to statement: Statement, at index: Int32) -> Int32 {
    var text = self
    return text.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
        // No address would mean NULL.
        guard let start = characters.baseAddress else {
          return unsafe sqlite3_bind_text64(statement.sqliteStatement, index, "", 0, transient, UInt8(SQLITE_UTF8))
        }
        return unsafe sqlite3_bind_text64(
          statement.sqliteStatement, index, start, UInt64(characters.count), transient, UInt8(SQLITE_UTF8))
      }
    }
  }

  package init(readFrom statement: Statement, column: Int32) {
    let start = unsafe sqlite3_column_text(statement.sqliteStatement, column)
    // To be asked for after the text, which may have been converted.
    let count = unsafe sqlite3_column_bytes(statement.sqliteStatement, column)
    let bytes = unsafe UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(count))
    self = unsafe String(decoding: bytes, as: UTF8.self)
  }
}

/// Text that the table holds as a blob.
extension String.UTF8View: QueryValue {
  package func bind(to statement: Statement, at index: Int32) -> Int32 {
    unsafe withContiguousStorageIfAvailable { unsafe bindBlob(UnsafeRawBufferPointer($0), to: statement, at: index) }
      ?? Array(self).bind(to: statement, at: index)
  }

  package init(readFrom statement: Statement, column: Int32) {
    self = String(readFrom: statement, column: column).utf8
  }
}

extension [UInt8]: QueryValue {
  package func bind(to statement: Statement, at index: Int32) -> Int32 {
    unsafe withUnsafeBytes { unsafe bindBlob($0, to: statement, at: index) }
  }

  package init(readFrom statement: Statement, column: Int32) {
    let start = unsafe sqlite3_column_blob(statement.sqliteStatement, column)
    // To be asked for after the blob, which may have been converted.
    let count = unsafe sqlite3_column_bytes(statement.sqliteStatement, column)
    self = unsafe Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count)))
  }
}

extension Optional: QueryValue where Wrapped: QueryValue {
  package func bind(to statement: Statement, at index: Int32) -> Int32 {
    guard let self else { return unsafe sqlite3_bind_null(statement.sqliteStatement, index) }
    return self.bind(to: statement, at: index)
  }

  package init(readFrom statement: Statement, column: Int32) {
    let isNull = unsafe sqlite3_column_type(statement.sqliteStatement, column) == SQLITE_NULL
    self = isNull ? nil : Wrapped(readFrom: statement, column: column)
  }
}

private func bindBlob(_ bytes: UnsafeRawBufferPointer, to statement: Statement, at index: Int32) -> Int32 {
  // An empty buffer may have no address, which would mean NULL.
  guard unsafe !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(statement.sqliteStatement, index, 0) }
  return unsafe sqlite3_bind_blob64(
    statement.sqliteStatement, index, bytes.baseAddress, UInt64(bytes.count), transient)
}

/// Lets SQLite copy what is bound. Swift cannot import the macro of this name.
private var transient: sqlite3_destructor_type? { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self) }
