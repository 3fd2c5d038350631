import Coordination
import GRDB
import SQLiteQueries

/// The nodes, as the tables hold them.
struct NodeTable {
  let database: Database

  // MARK: Reading

  func node(at path: NodePath) throws -> Node? {
    let key = NodeKey(path)
    return try database.query(
      "SELECT data, version, created, modified, owner, children FROM nodes WHERE parent = ? AND name = ?"
    ).first(key.parent, key.name) { row in
      Node(
        data: row[0], version: row[1], created: row[2], modified: row[3],
        owner: (row[4] as Int64?).map(SessionID.init(rawValue:)), childCount: row[5])
    }
  }

  /// The names of the children, sorted by their bytes; `nil` where there is no node.
  func children(of path: NodePath) throws -> [String]? {
    // One query, so that a reader needs no transaction: no row where there is no node, and one without a name where it has
    // no children. The root's own row has no parent and no name, hence is nobody's child.
    let key = NodeKey(path)
    let names: [String?] = try database.query(
      """
      SELECT child.name FROM nodes AS node LEFT JOIN nodes AS child ON child.parent = ?
      WHERE node.parent = ? AND node.name = ? ORDER BY child.name
      """
    ).all(path.string, key.parent, key.name) { $0[0] }
    return names.isEmpty ? nil : names.compactMap { $0 }
  }

  func paths(ownedBy session: SessionID) throws -> [NodePath] {
    try database.query("SELECT parent, name FROM nodes WHERE owner = ?")
      .all(session.rawValue) { NodePath($0[0]).appending($0[1]) }
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
    let key = NodeKey(path)
    return try database.query("SELECT version, children, owner FROM nodes WHERE parent = ? AND name = ?")
      .first(key.parent, key.name) {
        Summary(version: $0[0], childCount: $0[1], isOwned: ($0[2] as Int64?) != nil)
      }
  }

  // MARK: Writing

  func create(_ path: NodePath, _ data: [UInt8], owner: SessionID?, at transaction: Int64) throws {
    guard let parent = path.parent else { throw CoordinationError(.nodeExists, path: path) }
    // What is in the way is only looked for when something is.
    let (parentKey, key) = (NodeKey(parent), NodeKey(path))
    let counted = try database.query(
      "UPDATE nodes SET children = children + 1 WHERE parent = ? AND name = ? AND owner IS NULL"
    ).run(parentKey.parent, parentKey.name)
    guard counted > 0 else { throw try whyNotCreated(path, below: parent) }
    let inserted = try database.query("INSERT OR IGNORE INTO nodes VALUES (?1, ?2, ?3, 0, ?4, ?4, ?5, 0)")
      .run(key.parent, key.name, data, transaction, owner?.rawValue)
    guard inserted > 0 else { throw CoordinationError(.nodeExists, path: path) }
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
    let key = NodeKey(path)
    let written = try database.query(
      """
      UPDATE nodes SET data = ?1, version = version + 1, modified = ?2
      WHERE parent = ?3 AND name = ?4 AND (?5 IS NULL OR version = ?5)
      """
    ).run(data, transaction, key.parent, key.name, version)
    if written == 0 { _ = try expect(version, at: path) }
  }

  func deleteChildless(_ path: NodePath, expecting version: Int?) throws {
    let key = NodeKey(path)
    let deleted = try database.query(
      "DELETE FROM nodes WHERE parent = ?1 AND name = ?2 AND children = 0 AND (?3 IS NULL OR version = ?3)"
    ).run(key.parent, key.name, version)
    guard deleted > 0 else {
      _ = try expect(version, at: path)
      throw CoordinationError(.notEmpty, path: path)
    }
    try uncount(path)
  }

  func delete(_ path: NodePath) throws {
    let key = NodeKey(path)
    try database.query("DELETE FROM nodes WHERE parent = ? AND name = ?").run(key.parent, key.name)
    try uncount(path)
  }

  private func uncount(_ path: NodePath) throws {
    guard let key = path.parent.map(NodeKey.init) else { return }
    try database.query("UPDATE nodes SET children = children - 1 WHERE parent = ? AND name = ?")
      .run(key.parent, key.name)
  }
}
