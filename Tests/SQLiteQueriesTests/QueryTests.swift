import GRDB
import SQLiteQueries
import Testing

@Suite struct QueryTests {
  let queue: DatabaseQueue

  init() throws {
    queue = try DatabaseQueue()
    try queue.inDatabase { try $0.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, value UNIQUE)") }
  }

  // MARK: Values

  @Test(arguments: [Int64.min, -1, 0, 1, Int64.max]) func `integers come back as they were`(_ value: Int64) throws {
    #expect(try roundTrip(value) == value)
    #expect(try roundTrip(Int(value)) == Int(value))
    #expect(try typeOf(value) == "integer")
  }

  @Test(arguments: ["", "a", "a\0b", "\0", "naïve 🦅👩‍👩‍👧", String(repeating: "long ", count: 1_000)])
  func `text comes back as it was, byte by byte`(_ text: String) throws {
    #expect(try Array(roundTrip(text).utf8) == Array(text.utf8))
    #expect(try typeOf(text) == "text")
    #expect(try Array(roundTrip(text.utf8)) == Array(text.utf8))
    #expect(try typeOf(text.utf8) == "blob")
  }

  @Test func `a part of a longer text is bound alone`() throws {
    let text = String(repeating: "long ", count: 10)
    #expect(try roundTrip(String(text.dropFirst(5).dropLast(20))) == String(repeating: "long ", count: 5))
  }

  @Test(arguments: [[], [0], [0, 1, 255], Array(repeating: 7, count: 100_000)])
  func `blobs come back as they were`(_ bytes: [UInt8]) throws {
    #expect(try roundTrip(bytes) == bytes)
    #expect(try roundTrip(Optional(bytes)) == bytes)
    #expect(try typeOf(bytes) == "blob")
  }

  @Test func `nothing is not the same as something empty`() throws {
    #expect(try roundTrip(nil as [UInt8]?) == nil)
    #expect(try roundTrip(nil as String?) == nil)
    #expect(try roundTrip(nil as Int64?) == nil)
    #expect(try typeOf(nil as String?) == "null")
    #expect(try roundTrip("" as String?) == "")
    #expect(try roundTrip([] as [UInt8]?) == [])
  }

  @Test func `nothing is zero or empty to who does not ask whether it is there`() throws {
    try queue.inDatabase { database in
      let row = try database.query("SELECT NULL, NULL, NULL").first {
        ($0[0] as Int, $0[1] as String, $0[2] as [UInt8])
      }
      #expect(try #require(row) == (0, "", []))
    }
  }

  // MARK: Rows

  @Test func `rows come in their order, and the first alone`() throws {
    try queue.inDatabase { database in
      let insert = try database.query("INSERT INTO t VALUES (?, ?)")
      for (id, value) in [(3, "c"), (1, "a"), (2, "b")] { #expect(try insert.run(id, value) == 1) }
      let values = try database.query("SELECT value FROM t WHERE id > ? ORDER BY id")
      #expect(try values.all(0) { $0[0] as String } == ["a", "b", "c"])
      #expect(try values.all(3) { $0[0] as String } == [])
      #expect(try values.first(1) { $0[0] as String } == "b")
      #expect(try values.first(3) { $0[0] as String } == nil)
    }
  }

  @Test func `tells how many rows it changed`() throws {
    try queue.inDatabase { database in
      try database.query("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)").run()
      #expect(try database.query("DELETE FROM t WHERE id > ?").run(1) == 2)
      #expect(try database.query("DELETE FROM t WHERE id > ?").run(1) == 0)
      #expect(try database.query("INSERT OR IGNORE INTO t VALUES (1, 1)").run() == 0)
    }
  }

  @Test func `keeps no lock and no values when it has the first row`() throws {
    try queue.inDatabase { database in
      try database.query("INSERT INTO t VALUES (1, 1), (2, 2)").run()
      #expect(try database.query("SELECT id FROM t").first { $0[0] as Int } == 1)
      // Is refused while a query stands at a row.
      try database.execute(sql: "DROP TABLE t")
      let both = try database.query("SELECT ?, ?")
      _ = try both.first("old", "old") { _ in }
      #expect(throws: DatabaseError.self) { try both.first("new") { $0[1] as String? } }
    }
  }

  // MARK: Errors

  @Test func `an error of SQLite has code, message and statement, and the query can be run again`() throws {
    try queue.inDatabase { database in
      let insert = try database.query("INSERT INTO t VALUES (?, ?)")
      try insert.run(1, "same")
      let error = try #require(throws: DatabaseError.self) { try insert.run(2, "same") }
      #expect(error.resultCode == .SQLITE_CONSTRAINT)
      #expect(error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE)
      #expect(error.message == "UNIQUE constraint failed: t.value")
      #expect(error.sql == "INSERT INTO t VALUES (?, ?)")
      #expect(try insert.run(2, "other") == 1)
      #expect(try database.query("SELECT value FROM t").all { $0[0] as String } == ["same", "other"])
    }
  }

  @Test func `is the same error as that of GRDB`() throws {
    try queue.inDatabase { database in
      let sql = "INSERT INTO t VALUES (1, 1), (1, 1)"
      let ours = try #require(throws: DatabaseError.self) { try database.query(sql).run() }
      let theirs = try #require(throws: DatabaseError.self) { try database.execute(sql: sql) }
      #expect(ours.extendedResultCode == theirs.extendedResultCode)
      #expect(ours.message == theirs.message)
      #expect(ours.sql == theirs.sql)
    }
  }

  @Test func `a statement that makes no sense is an error`() throws {
    try queue.inDatabase { database in
      let error = try #require(throws: DatabaseError.self) { try database.query("SELECT missing FROM t") }
      #expect(error.resultCode == .SQLITE_ERROR)
      #expect(error.message == "no such column: missing")
    }
  }

  @Test func `too many and too few values are an error`() throws {
    try queue.inDatabase { database in
      let query = try database.query("SELECT ?, ?")
      for run in [{ try query.run(1) }, { try query.run(1, 2, 3) }] {
        #expect(try #require(throws: DatabaseError.self) { _ = try run() }.resultCode == .SQLITE_RANGE)
      }
      #expect(try query.first(1, 2) { ($0[0] as Int) + $0[1] } == 3)
    }
  }

  @Test func `what the reader of a row throws comes through, and the query can be run again`() throws {
    struct Refusal: Error {}
    try queue.inDatabase { database in
      let query = try database.query("SELECT ?")
      #expect(throws: Refusal.self) { try query.first(1) { _ in throw Refusal() } }
      #expect(throws: Refusal.self) { try query.all(1) { _ in throw Refusal() } }
      #expect(try query.all(2) { $0[0] as Int } == [2])
    }
  }

  @Test func `the connection can be closed, and is refused to queries afterwards`() throws {
    try queue.inDatabase { database in
      try database.query("INSERT INTO t VALUES (?, ?)").run(1, "a")
      #expect(try database.query("SELECT value FROM t").first { $0[0] as String } == "a")
    }
    try queue.close()
    #expect(throws: DatabaseError.self) {
      try queue.inDatabase { try $0.query("SELECT value FROM t").first { $0[0] as String } }
    }
  }

  private func roundTrip<Value: QueryValue>(_ value: Value) throws -> Value {
    try queue.inDatabase { try #require(try $0.query("SELECT ?").first(value) { $0[0] as Value }) }
  }

  private func typeOf(_ value: some QueryValue) throws -> String? {
    try queue.inDatabase { try $0.query("SELECT typeof(?)").first(value) { $0[0] } }
  }
}
