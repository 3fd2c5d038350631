import Coordination

/// Some nodes, and the children of some: not all that there are.
struct NodeMemory: Sendable {
  private var nodes: [NodePath: Node] = [:]
  private var lists: [NodePath: [String]] = [:]
  /// Of the nodes' data.
  private var bytes = 0
  /// In all lists together.
  private var names = 0

  /// Beyond these all are forgotten: nodes come and go, and nobody tells that a path is not asked for any more.
  private static let most = (nodes: 4_000, bytes: 4 * 1024 * 1024, lists: 1_000, names: 30_000)
  /// Longer lists are not kept: a few of them would drive out all others.
  private static let longest = 5_000

  func node(at path: NodePath) -> Node? { nodes[path] }

  /// Sorted by their bytes.
  func names(at path: NodePath) -> [String]? { lists[path] }

  mutating func set(_ node: Node, at path: NodePath) {
    removeNode(at: path)
    if nodes.count >= Self.most.nodes || bytes + node.data.count > Self.most.bytes { forgetNodes() }
    bytes += node.data.count
    nodes[path] = node
  }

  mutating func set(_ names: [String], at path: NodePath) {
    removeNames(at: path)
    guard names.count <= Self.longest else { return }
    if lists.count >= Self.most.lists || self.names + names.count > Self.most.names { forgetLists() }
    self.names += names.count
    lists[path] = names
  }

  /// Adds all that another one has.
  mutating func put(_ others: NodeMemory) {
    for (path, node) in others.nodes { set(node, at: path) }
    for (path, names) in others.lists { set(names, at: path) }
  }

  // MARK: Changes

  /// Takes out whatever a commit touches: a node that comes or goes is a change of its parent's, too.
  mutating func take(_ changes: ChangedPaths) -> NodeMemory {
    var taken = NodeMemory()
    guard !changes.isEverything else {
      self = NodeMemory()
      return taken
    }
    guard !nodes.isEmpty || !lists.isEmpty else { return taken }
    for (path, isStructural) in changes.structural {
      moveNode(at: path, to: &taken)
      guard isStructural else { continue }
      moveNames(at: path, to: &taken)
      guard let parent = path.parent else { continue }
      moveNode(at: parent, to: &taken)
      moveNames(at: parent, to: &taken)
    }
    return taken
  }

  /// Makes the changes of a commit: nodes that it creates are known, and of others those that were known before.
  mutating func make(_ steps: [NodeStep]) {
    for step in steps {
      switch step {
      case .created(let path, let node):
        set(node, at: path)
        guard let parent = path.parent else { continue }
        nodes[parent]?.childCount += 1
        changeNames(at: parent) { $0.insertSorted(path.name) }
      case .written(let path, let data, let modified):
        guard var node = nodes[path] else { continue }
        (node.data, node.version, node.modified) = (data, node.version + 1, modified)
        set(node, at: path)
      case .deleted(let path):
        removeNode(at: path)
        removeNames(at: path)
        guard let parent = path.parent else { continue }
        nodes[parent]?.childCount -= 1
        changeNames(at: parent) { $0.removeSorted(path.name) }
      }
    }
  }

  private mutating func moveNode(at path: NodePath, to other: inout NodeMemory) {
    if let node = removeNode(at: path) { other.set(node, at: path) }
  }

  private mutating func moveNames(at path: NodePath, to other: inout NodeMemory) {
    if let names = removeNames(at: path) { other.set(names, at: path) }
  }

  private mutating func changeNames(at path: NodePath, _ change: (inout [String]) -> Void) {
    guard let index = lists.index(forKey: path) else { return }
    let before = lists.values[index].count
    change(&lists.values[index])
    names += lists.values[index].count - before
  }

  @discardableResult private mutating func removeNode(at path: NodePath) -> Node? {
    let node = nodes.removeValue(forKey: path)
    bytes -= node?.data.count ?? 0
    return node
  }

  @discardableResult private mutating func removeNames(at path: NodePath) -> [String]? {
    let removed = lists.removeValue(forKey: path)
    names -= removed?.count ?? 0
    return removed
  }

  private mutating func forgetNodes() { (nodes, bytes) = ([:], 0) }

  private mutating func forgetLists() { (lists, names) = ([:], 0) }
}

extension [String] {
  /// Where a name stands, or would stand, in a sorted list.
  private func place(of name: String) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < name { low = middle + 1 } else { high = middle }
    }
    return low
  }

  fileprivate mutating func insertSorted(_ name: String) { insert(name, at: place(of: name)) }

  fileprivate mutating func removeSorted(_ name: String) {
    let place = place(of: name)
    if place < count, self[place] == name { remove(at: place) }
  }
}
