import Foundation
import GRDB
import SQLiteQueries
import Testing

@Suite struct TransactionTests {
  struct Refusal: Error {}

  @Test func `is there when it is committed, and not when it is rolled back`() throws {
    try withTable { database in
      try database.inImmediateTransaction {
        try insert(1, into: database)
        #expect(database.isInsideTransaction)
        return .commit
      }
      try database.inImmediateTransaction {
        try insert(2, into: database)
        return .rollback
      }
      #expect(!database.isInsideTransaction)
      #expect(try rows(of: database) == [1])
    }
  }

  @Test func `is undone when its body throws`() throws {
    try withTable { database in
      #expect(throws: Refusal.self) {
        try database.inImmediateTransaction {
          try insert(1, into: database)
          throw Refusal()
        }
      }
      #expect(!database.isInsideTransaction)
      let left = try rows(of: database)
      #expect(left.isEmpty)
    }
  }

  @Test func `is undone when a query fails`() throws {
    try withTable { database in
      let error = #expect(throws: DatabaseError.self) {
        try database.inImmediateTransaction {
          try insert(1, into: database)
          try insert(1, into: database)
          return .commit
        }
      }
      #expect(error?.resultCode == .SQLITE_CONSTRAINT)
      #expect(!database.isInsideTransaction)
      let left = try rows(of: database)
      #expect(left.isEmpty)
    }
  }

  @Test func `is undone when the commit itself fails`() throws {
    try withTable { database in
      try database.execute(sql: "CREATE TABLE child (parent REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)")
      let error = #expect(throws: DatabaseError.self) {
        try database.inImmediateTransaction {
          try database.query("INSERT INTO child VALUES (?)").run(7)
          return .commit
        }
      }
      #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY)
      #expect(error?.sql == "COMMIT")
      #expect(!database.isInsideTransaction)
      #expect(try database.query("SELECT 1 FROM child").first { _ in } == nil)
      try database.inImmediateTransaction {
        try insert(1, into: database)
        return .commit
      }
      #expect(try rows(of: database) == [1])
    }
  }

  @Test func `is not taken for whole when SQLite has rolled it back by itself`() throws {
    try withTable { database in
      try insert(1, into: database)
      func conflict() throws {
        try insert(2, into: database)
        #expect(throws: DatabaseError.self) { try database.query("INSERT OR ROLLBACK INTO t VALUES (?)").run(1) }
      }
      let error = #expect(throws: DatabaseError.self) {
        try database.inImmediateTransaction {
          try conflict()
          return .commit
        }
      }
      #expect(error?.resultCode == .SQLITE_ABORT)
      for isRefused in [false, true] {
        let error = #expect(throws: DatabaseError.self) {
          try database.inImmediateTransaction {
            try database.inPart {
              try conflict()
              if isRefused { throw Refusal() }
            }
            return .commit
          }
        }
        #expect(error?.resultCode == .SQLITE_ABORT)
      }
      #expect(try rows(of: database) == [1])
    }
  }

  @Test func `the error that made SQLite roll it back comes through`() throws {
    try withTable { database in
      try insert(1, into: database)
      let error = #expect(throws: DatabaseError.self) {
        try database.inImmediateTransaction {
          try database.inPart { try database.query("INSERT OR ROLLBACK INTO t VALUES (?)").run(1) }
          return .commit
        }
      }
      #expect(error?.resultCode == .SQLITE_CONSTRAINT)
      #expect(!database.isInsideTransaction)
    }
  }

  @Test func `has the lock from its beginning`() throws {
    try withFile { file in
      let (one, other) = (try DatabaseQueue(path: file), try DatabaseQueue(path: file))
      try one.inDatabase { database in
        try database.inImmediateTransaction {
          let error = #expect(throws: DatabaseError.self) {
            try other.inDatabase { try $0.inImmediateTransaction { .commit } }
          }
          #expect(error?.resultCode == .SQLITE_BUSY)
          return .rollback
        }
      }
      try other.inDatabase { try $0.inImmediateTransaction { .commit } }
    }
  }

  @Test func `a part is taken back alone, with the parts in it`() throws {
    try withTable { database in
      try database.inImmediateTransaction {
        try insert(1, into: database)
        try database.inPart { try insert(2, into: database) }
        expectRefusal(in: database) { try database.inPart { try insert(3, into: database) } }
        try insert(4, into: database)
        return .commit
      }
      #expect(try rows(of: database) == [1, 2, 4])
    }
  }

  @Test func `a part in a part is taken back alone`() throws {
    try withTable { database in
      try database.inImmediateTransaction {
        try database.inPart {
          try insert(1, into: database)
          expectRefusal(in: database) { try insert(2, into: database) }
          try insert(3, into: database)
        }
        return .commit
      }
      #expect(try rows(of: database) == [1, 3])
    }
  }

  @Test func `GRDB's own transactions stand beside them`() throws {
    try withTable { database in
      for number in 0..<4 {
        try database.inImmediateTransaction {
          try database.inPart { try insert(2 * number, into: database) }
          return number.isMultiple(of: 2) ? .commit : .rollback
        }
        try database.inTransaction {
          try database.execute(sql: "INSERT INTO t VALUES (?)", arguments: [2 * number + 1])
          return .commit
        }
      }
      #expect(try rows(of: database) == [0, 1, 3, 4, 5, 7])
    }
  }

  private func withTable(_ body: (Database) throws -> Void) throws {
    try DatabaseQueue().inDatabase { database in
      try database.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY)")
      try body(database)
    }
  }

  private func expectRefusal(in database: Database, ofPart body: () throws -> Void) {
    #expect(throws: Refusal.self) {
      try database.inPart {
        try body()
        throw Refusal()
      }
    }
  }

  private func withFile(_ body: (_ file: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("distci-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body("\(folder)/file.sqlite")
  }

  private func insert(_ id: Int, into database: Database) throws {
    try database.query("INSERT INTO t VALUES (?)").run(id)
  }

  private func rows(of database: Database) throws -> [Int] {
    try database.query("SELECT id FROM t ORDER BY id").all { $0[0] }
  }
}
