import GRDB

/// The row at which a query stands. It is gone when the closure that gets it returns.
package struct QueryRow {
  let statement: Statement

  /// The value of a column, counted from 0, as the type that is asked for. SQLite converts what is of another type; `NULL`
  /// becomes zero or empty where the type is not optional.
  package subscript<Value: QueryValue>(column: Int) -> Value {
    Value(readFrom: statement, column: Int32(column))
  }
}
