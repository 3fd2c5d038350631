import Coordination
import GRDB
import Glibc

/// The database file: how it is opened, and what it looks like inside.
enum DatabaseFile {
  static let name = "coordination.sqlite"
  /// The format that this program reads and writes, in the file's `user_version`. From 2 on, whoever commits lights the
  /// ``CommitBeacon``: with one who does not, nobody may share the store.
  static let format = 2
  /// How long a process waits for another's write to end.
  static let patience: Duration = .seconds(10)

  /// Opens the database, and makes it where there is none. Blocks.
  static func open(inFolder folder: String) throws -> DatabasePool {
    // Turning on the write-ahead log does not heed the busy handler: hence one process after the other.
    guard let turn = try FileLock.waiting(for: "\(folder)/opening.lock", atMost: patience) else {
      throw CoordinationError(.unavailable, message: "another process has been opening \(folder) for \(patience)")
    }
    defer { turn.release() }
    do {
      try checkFormat(inFolder: folder)
      let pool = try DatabasePool(path: "\(folder)/\(name)", configuration: configuration)
      try pool.writeWithoutTransaction { database in
        try makeTables(in: database)
        // An acknowledged commit is on disk. GRDB would settle for less.
        try database.execute(sql: "PRAGMA synchronous = FULL")
      }
      return pool
    } catch let error as DatabaseError {
      throw CoordinationError(error)
    }
  }

  /// Opens one more connection, for reading alone. The database must be open already. Blocks.
  ///
  /// What it runs outside of transactions is one statement each: such a read is a snapshot by itself, and costs neither the
  /// beginning and the end of a transaction nor the way through the pool's readers.
  static func openReader(inFolder folder: String) throws -> DatabaseQueue {
    var configuration = configuration
    configuration.readonly = true
    do {
      return try DatabaseQueue(path: "\(folder)/\(name)", configuration: configuration)
    } catch let error as DatabaseError {
      throw CoordinationError(error)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "coordination"
    configuration.maximumReaderCount = 4
    configuration.busyMode = .callback(pause(afterTries:))
    return configuration
  }

  /// Waits a little for another process's write, which takes less than a millisecond on a quiet disk. SQLite's own handler
  /// sleeps up to 100 ms at a time, which starves the unlucky. Answers false when ``patience`` is at its end.
  private static func pause(afterTries tries: Int) -> Bool {
    let (quick, steady): (useconds_t, useconds_t) = (200, 2_000)
    guard tries < 100 + Int(patience / .microseconds(Int(steady))) else { return false }
    let pause = tries < 100 ? quick : steady
    usleep(.random(in: pause / 2...pause * 3 / 2))
    return true
  }

  /// Looks before touching: opening the database for writing would already change what is not ours.
  private static func checkFormat(inFolder folder: String) throws {
    let file = "\(folder)/\(name)"
    guard unsafe access(file, F_OK) == 0 else { return }
    var configuration = configuration
    configuration.readonly = true
    let (found, tables) = try DatabaseQueue(path: file, configuration: configuration).read { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      )
    }
    guard found <= format else {
      throw CoordinationError(
        .refused, message: "\(folder) has format \(found), and this program knows up to \(format): run a newer one")
    }
    guard found > 0 || tables == 0 else {
      throw CoordinationError(.refused, message: "\(file) is a database of something else: name another folder")
    }
  }

  private static func makeTables(in database: Database) throws {
    try database.inTransaction(.immediate) {
      let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      guard found < format else { return .rollback }
      if found == 0 { try database.execute(sql: schema) }
      try database.execute(sql: "PRAGMA user_version = \(format)")
      return .commit
    }
  }

  /// Nodes stand beside their siblings, so that listing children is one range. The root is the only one without a name.
  private static let schema = """
    CREATE TABLE nodes (
      parent TEXT NOT NULL, name TEXT NOT NULL,
      data BLOB NOT NULL, version INTEGER NOT NULL,
      created INTEGER NOT NULL, modified INTEGER NOT NULL,
      owner INTEGER, children INTEGER NOT NULL,
      PRIMARY KEY (parent, name)
    ) WITHOUT ROWID;
    CREATE INDEX nodes_by_owner ON nodes (owner) WHERE owner IS NOT NULL;
    INSERT INTO nodes VALUES ('', '', x'', 0, 0, 0, NULL, 0);

    CREATE TABLE sessions (id INTEGER PRIMARY KEY);

    -- How many transactions, commits and sessions there ever were.
    CREATE TABLE counters (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      transactions INTEGER NOT NULL, commits INTEGER NOT NULL, sessions INTEGER NOT NULL
    );
    INSERT INTO counters VALUES (1, 0, 0, 0);

    -- What the last commits changed. A slot is used again and again; its number tells by which commit.
    CREATE TABLE commits (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL, changes TEXT);
    """
}
