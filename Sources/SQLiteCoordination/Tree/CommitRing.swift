import GRDB

/// What the last commits changed, for the processes that did not make them.
struct CommitRing {
  private static let slots: Int64 = 512
  let database: Database

  func insert(_ commit: Commit) throws {
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO commits VALUES (?, ?, ?)")
      .execute(arguments: [commit.number % Self.slots, commit.number, commit.changes.text])
  }

  func newest() throws -> Int64 {
    try Counters(database: database).commits
  }

  /// The newest commit, and what was changed after the given one: everything, when the ring has come round since.
  func changes(since last: Int64) throws -> (newest: Int64, changes: ChangedPaths) {
    let newest = try newest()
    guard newest > last else { return (newest, ChangedPaths()) }
    guard newest - last <= Self.slots else { return (newest, .everything) }
    var changes = ChangedPaths()
    for number in (last + 1)...newest where !changes.isEverything { try changes.formUnion(changesOfCommit(number)) }
    return (newest, changes)
  }

  private func changesOfCommit(_ number: Int64) throws -> ChangedPaths {
    let statement = try database.cachedStatement(sql: "SELECT changes FROM commits WHERE slot = ? AND number = ?")
    let row = try Row.fetchOne(statement, arguments: [number % Self.slots, number])
    return ChangedPaths(text: row.flatMap { $0[0] as String? })
  }
}
