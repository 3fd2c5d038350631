import Coordination
import Foundation
import GRDB

/// The nodes, as the tables hold them.
struct NodeTable {
  let database: Database

  // MARK: Reading

  func node(at path: NodePath) throws -> Node? {
    let statement = try database.cachedStatement(
      sql: "SELECT data, version, created, modified, owner, children FROM nodes WHERE parent = ? AND name = ?")
    return try Row.fetchOne(statement, arguments: key(path)).map { row in
      Node(
        data: [UInt8](row[0] as Data), version: row[1], created: row[2], modified: row[3],
        owner: (row[4] as Int64?).map(SessionID.init(rawValue:)), childCount: row[5])
    }
  }

  /// The names of the children, sorted by their bytes; `nil` where there is no node.
  func children(of path: NodePath) throws -> [String]? {
    // One query, so that a reader needs no transaction: no row where there is no node, and one without a name where it has
    // no children. The root's own row has no parent and no name, hence is nobody's child.
    let statement = try database.cachedStatement(
      sql: """
        SELECT child.name FROM nodes AS node LEFT JOIN nodes AS child ON child.parent = ?
        WHERE node.parent = ? AND node.name = ? ORDER BY child.name
        """)
    let names = try Optional<String>.fetchAll(statement, arguments: [path.string] + key(path))
    return names.isEmpty ? nil : names.compactMap { $0 }
  }

  func paths(ownedBy session: SessionID) throws -> [NodePath] {
    let statement = try database.cachedStatement(sql: "SELECT parent, name FROM nodes WHERE owner = ?")
    return try Row.fetchAll(statement, arguments: [session.rawValue]).map { NodePath($0[0]).appending($0[1]) }
  }

  /// What a change must know of the node that it changes.
  ///
  /// - Throws: `noNode`, or `badVersion`.
  func expect(_ version: Int?, at path: NodePath) throws -> Summary {
    guard let summary = try summary(of: path) else { throw CoordinationError(.noNode, path: path) }
    guard version == nil || version == summary.version else {
      throw CoordinationError(.badVersion, path: path, message: "it has version \(summary.version)")
    }
    return summary
  }

  struct Summary {
    var version: Int
    var childCount: Int
    var isOwned: Bool
  }

  private func summary(of path: NodePath) throws -> Summary? {
    let statement = try database.cachedStatement(
      sql: "SELECT version, children, owner IS NOT NULL FROM nodes WHERE parent = ? AND name = ?")
    return try Row.fetchOne(statement, arguments: key(path)).map {
      Summary(version: $0[0], childCount: $0[1], isOwned: $0[2])
    }
  }

  // MARK: Writing

  func create(_ path: NodePath, _ data: [UInt8], owner: SessionID?, at transaction: Int64) throws {
    guard let parent = path.parent else { throw CoordinationError(.nodeExists, path: path) }
    // What is in the way is only looked for when something is.
    let isCounted = try change(
      "UPDATE nodes SET children = children + 1 WHERE parent = ? AND name = ? AND owner IS NULL", key(parent))
    guard isCounted else { throw try whyNotCreated(path, below: parent) }
    let isInserted = try change(
      "INSERT OR IGNORE INTO nodes VALUES (?, ?, ?, 0, ?, ?, ?, 0)",
      key(path) + [Data(data), transaction, transaction, owner?.rawValue])
    guard isInserted else { throw CoordinationError(.nodeExists, path: path) }
  }

  private func whyNotCreated(_ path: NodePath, below parent: NodePath) throws -> CoordinationError {
    guard try summary(of: parent) != nil else {
      return CoordinationError(.noNode, path: parent, message: "the parent is not there")
    }
    guard try summary(of: path) == nil else { return CoordinationError(.nodeExists, path: path) }
    return CoordinationError(.sessionNodeHasNoChildren, path: parent)
  }

  /// - Throws: `noNode`, or `badVersion`.
  func write(_ path: NodePath, _ data: [UInt8], expecting version: Int?, at transaction: Int64) throws {
    let isWritten = try change(
      """
      UPDATE nodes SET data = ?, version = version + 1, modified = ?
      WHERE parent = ? AND name = ? AND (? IS NULL OR version = ?)
      """, [Data(data), transaction] + key(path) + [version, version])
    if !isWritten { _ = try expect(version, at: path) }
  }

  func deleteChildless(_ path: NodePath, expecting version: Int?) throws {
    let isDeleted = try change(
      "DELETE FROM nodes WHERE parent = ? AND name = ? AND children = 0 AND (? IS NULL OR version = ?)",
      key(path) + [version, version])
    guard isDeleted else {
      _ = try expect(version, at: path)
      throw CoordinationError(.notEmpty, path: path)
    }
    try uncount(path)
  }

  func delete(_ path: NodePath) throws {
    _ = try change("DELETE FROM nodes WHERE parent = ? AND name = ?", key(path))
    try uncount(path)
  }

  private func uncount(_ path: NodePath) throws {
    guard let parent = path.parent else { return }
    _ = try change("UPDATE nodes SET children = children - 1 WHERE parent = ? AND name = ?", key(parent))
  }

  /// - Returns: whether there was a row to change.
  private func change(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
    try database.cachedStatement(sql: sql).execute(arguments: arguments)
    return database.changesCount > 0
  }

  private func key(_ path: NodePath) -> StatementArguments {
    [path.parent?.string ?? "", path.name]
  }
}
