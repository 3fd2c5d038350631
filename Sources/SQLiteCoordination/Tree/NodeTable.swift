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
    guard let above = try summary(of: parent) else {
      throw CoordinationError(.noNode, path: parent, message: "the parent is not there")
    }
    guard try summary(of: path) == nil else { throw CoordinationError(.nodeExists, path: path) }
    guard !above.isOwned else { throw CoordinationError(.sessionNodeHasNoChildren, path: parent) }
    try database.cachedStatement(sql: "INSERT INTO nodes VALUES (?, ?, ?, 0, ?, ?, ?, 0)")
      .execute(arguments: key(path) + [Data(data), transaction, transaction, owner?.rawValue])
    try count(1, childOf: path)
  }

  func write(_ path: NodePath, _ data: [UInt8], over before: Summary, at transaction: Int64) throws {
    try database.cachedStatement(
      sql: "UPDATE nodes SET data = ?, version = ?, modified = ? WHERE parent = ? AND name = ?"
    ).execute(arguments: [Data(data), before.version + 1, transaction] + key(path))
  }

  func deleteChildless(_ path: NodePath, expecting version: Int?) throws {
    guard try expect(version, at: path).childCount == 0 else {
      throw CoordinationError(.notEmpty, path: path)
    }
    try delete(path)
  }

  func delete(_ path: NodePath) throws {
    try database.cachedStatement(sql: "DELETE FROM nodes WHERE parent = ? AND name = ?").execute(arguments: key(path))
    try count(-1, childOf: path)
  }

  private func count(_ difference: Int, childOf path: NodePath) throws {
    guard let parent = path.parent else { return }
    try database.cachedStatement(sql: "UPDATE nodes SET children = children + ? WHERE parent = ? AND name = ?")
      .execute(arguments: [difference] + key(parent))
  }

  private func key(_ path: NodePath) -> StatementArguments {
    [path.parent?.string ?? "", path.name]
  }
}
