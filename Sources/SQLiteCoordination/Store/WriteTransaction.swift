import Coordination
import GRDB

/// What is written between two commits, possibly on behalf of several callers. A copy of it is enough to take back what a
/// failed caller did to the numbers; what it did to the tables, its savepoint takes back.
struct WriteTransaction {
  let database: Database
  private let counters: Counters
  /// The number of the latest of the store's transactions.
  private var latest: Int64
  private var changes = ChangedPaths()
  private var steps: [NodeStep] = []
  private(set) var hasChanges = false

  init(database: Database) throws {
    self.database = database
    counters = try Counters(database: database)
    latest = counters.transactions
  }

  private var nodes: NodeTable { NodeTable(database: database) }

  /// The sessions, to be changed.
  var sessions: SessionTable {
    mutating get {
      hasChanges = true
      return SessionTable(database: database)
    }
  }

  /// Makes the changes for a session, as one transaction of the store's order.
  mutating func make(_ list: [Change], for session: SessionID) throws {
    guard try SessionTable(database: database).contains(session) else { throw CoordinationError(.sessionEnded) }
    guard !list.isEmpty else { return }
    begin()
    for (index, change) in list.enumerated() {
      do {
        try make(change, for: session)
      } catch var error as CoordinationError {
        error.path = error.path ?? change.path
        error.changeIndex = index
        throw error
      }
    }
  }

  /// Deletes a session and its nodes, as one transaction of the store's order. Does nothing when it is gone.
  mutating func endSession(_ session: SessionID) throws {
    guard try SessionTable(database: database).contains(session) else { return }
    begin()
    for path in try nodes.paths(ownedBy: session) {
      try nodes.delete(path)
      changes.insert(path, isStructural: true)
      steps.append(.deleted(path))
    }
    try sessions.delete(session)
  }

  /// Writes down what was changed.
  func finish() throws -> Commit {
    let commit = Commit(
      number: counters.commits + 1, changes: changes, steps: changes.isEverything ? [] : steps)
    try counters.advance(transactions: latest, commits: commit.number)
    try CommitRing(database: database).insert(commit)
    return commit
  }

  private mutating func begin() {
    latest += 1
    hasChanges = true
  }

  private mutating func make(_ change: Change, for session: SessionID) throws {
    switch change {
    case .create(let path, let data, let lifetime):
      let owner = lifetime == .session ? session : nil
      try nodes.create(path, data, owner: owner, at: latest)
      changes.insert(path, isStructural: true)
      steps.append(.created(path, Node(data: data, version: 0, created: latest, modified: latest, owner: owner)))
    case .write(let path, let data, let version):
      try nodes.write(path, data, expecting: version, at: latest)
      changes.insert(path, isStructural: false)
      steps.append(.written(path, data, modified: latest))
    case .delete(let path, let version):
      try nodes.deleteChildless(path, expecting: version)
      changes.insert(path, isStructural: true)
      steps.append(.deleted(path))
    case .check(let path, let version):
      _ = try nodes.expect(version, at: path)
    }
  }
}
