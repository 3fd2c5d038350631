import GRDB
import SQLiteQueries

/// What the last commits changed, for the processes that did not make them.
struct CommitRing {
  private static let slots: Int64 = 512
  let database: Database

  func insert(_ commit: Commit) throws {
    try database.query("INSERT OR REPLACE INTO commits VALUES (?, ?, ?)")
      .run(commit.number % Self.slots, commit.number, commit.changes.text)
  }

  func newest() throws -> Int64 {
    try Counters(database: database).commits
  }

  /// The newest commit, and what was changed after the given one: everything, when the ring has come round since.
  ///
  /// Needs no transaction around it: what comes meanwhile is newer, and where it takes a slot, the old commit is not found.
  ///
  /// - Parameter told: the newest commit, where it is known without a look.
  func changes(since last: Int64, upTo told: Int64? = nil) throws -> (newest: Int64, changes: ChangedPaths) {
    let newest = try told ?? newest()
    guard newest > last else { return (newest, ChangedPaths()) }
    guard newest - last <= Self.slots else { return (newest, .everything) }
    var changes = ChangedPaths()
    for number in (last + 1)...newest where !changes.isEverything { try changes.formUnion(changesOfCommit(number)) }
    return (newest, changes)
  }

  private func changesOfCommit(_ number: Int64) throws -> ChangedPaths {
    let text = try database.query("SELECT changes FROM commits WHERE slot = ? AND number = ?")
      .first(number % Self.slots, number) { $0[0] as String? }
    return ChangedPaths(text: text ?? nil)
  }
}
