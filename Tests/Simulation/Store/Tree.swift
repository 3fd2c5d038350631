package import Coordination

/// The nodes of a coordination store, as one server has them.
package struct Tree {
  package struct Entry: Equatable {
    package var data: [UInt8]
    package var version = 0
    package var created: Int
    package var modified: Int
    package var owner: SessionID?
    /// Sorted by their bytes.
    package var children: [String] = []
  }

  /// A node that a transaction touched.
  package struct Touched {
    package var old: Entry?
    package var new: Entry?
  }

  package private(set) var entries: [String: Entry] = ["/": Entry(data: [], created: 0, modified: 0)]

  package func node(_ path: NodePath) -> Node? {
    entries[path.string].map {
      Node(
        data: $0.data, version: $0.version, created: Int64($0.created), modified: Int64($0.modified), owner: $0.owner,
        childCount: $0.children.count)
    }
  }

  package func children(_ path: NodePath) -> [String]? { entries[path.string]?.children }

  /// Puts in the place of nodes what a transaction made of them.
  mutating func take(_ touched: [String: Touched]) {
    for (path, node) in touched { entries[path] = node.new }
  }

  /// Makes the changes, all or none.
  ///
  /// - Parameter position: of the transaction, in the store's one order.
  /// - Returns: what became of the nodes that were touched.
  /// - Throws: ``CoordinationError`` with the index of the change that could not be made.
  mutating func make(_ changes: [Change], by session: SessionID, position: Int) throws -> [String: Touched] {
    var before: [String: Entry?] = [:]
    for (index, change) in changes.enumerated() {
      if let code = make(change, session, position, &before) {
        for (path, entry) in before { entries[path] = entry }
        throw CoordinationError(code, path: change.path, changeIndex: index)
      }
    }
    return touched(since: before)
  }

  private func touched(since before: [String: Entry?]) -> [String: Touched] {
    before.reduce(into: [:]) { $0[$1.key] = Touched(old: $1.value, new: entries[$1.key]) }
  }

  /// Deletes the session's nodes.
  mutating func end(_ session: SessionID) -> [String: Touched] {
    var before: [String: Entry?] = [:]
    for (path, entry) in entries where entry.owner == session { remove(NodePath(path), &before) }
    return touched(since: before)
  }

  /// Answers with what is wrong.
  private mutating func make(
    _ change: Change, _ session: SessionID, _ position: Int, _ before: inout [String: Entry?]
  ) -> CoordinationError.Code? {
    switch change {
    case .create(let path, let data, let lifetime):
      guard let parent = path.parent else { return .nodeExists }
      guard let above = entries[parent.string] else { return .noNode }
      guard entries[path.string] == nil else { return .nodeExists }
      guard above.owner == nil else { return .sessionNodeHasNoChildren }
      let owner = lifetime == .session ? session : nil
      set(path.string, Entry(data: data, created: position, modified: position, owner: owner), &before)
      changeChildren(of: parent, &before) { $0.insert(path.name, at: $0.position(of: path.name)) }
    case .write(let path, let data, let version):
      if let code = check(path, version) { return code }
      guard var entry = entries[path.string] else { return .noNode }
      entry.data = data
      entry.version += 1
      entry.modified = position
      set(path.string, entry, &before)
    case .delete(let path, let version):
      if let code = check(path, version) { return code }
      guard entries[path.string]?.children.isEmpty == true else { return .notEmpty }
      remove(path, &before)
    case .check(let path, let version):
      return check(path, version)
    }
    return nil
  }

  private func check(_ path: NodePath, _ version: Int?) -> CoordinationError.Code? {
    guard let entry = entries[path.string] else { return .noNode }
    return version == nil || version == entry.version ? nil : .badVersion
  }

  private mutating func remove(_ path: NodePath, _ before: inout [String: Entry?]) {
    set(path.string, nil, &before)
    guard let parent = path.parent else { return }
    changeChildren(of: parent, &before) { $0.remove(at: $0.position(of: path.name)) }
  }

  private mutating func changeChildren(
    of path: NodePath, _ before: inout [String: Entry?], _ change: (inout [String]) -> Void
  ) {
    guard var entry = entries[path.string] else { return }
    change(&entry.children)
    set(path.string, entry, &before)
  }

  private mutating func set(_ path: String, _ entry: Entry?, _ before: inout [String: Entry?]) {
    if before[path] == nil { before[path] = .some(entries[path]) }
    entries[path] = entry
  }
}

extension [String] {
  /// Where a name stands or would stand.
  fileprivate func position(of name: String) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].utf8.lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
