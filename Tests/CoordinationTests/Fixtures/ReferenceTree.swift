import Coordination

/// What a coordination store must do, in the plainest way: the model that every backend is compared with.
struct ReferenceTree {
  struct Entry: Equatable {
    var data: [UInt8]
    var version = 0
    var created: Int
    var modified: Int
    var owner: SessionID?
  }

  private(set) var entries: [NodePath: Entry] = [:]
  private var transactions = 0

  func children(of path: NodePath) -> [String] {
    entries.keys.filter { $0.parent == path }.map(\.name).sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
  }

  private func has(_ path: NodePath) -> Bool { path == .root || entries[path] != nil }

  mutating func make(_ changes: [Change], for session: SessionID) throws {
    var copy = self
    copy.transactions += 1
    for (index, change) in changes.enumerated() {
      if let code = copy.make(change, for: session) {
        throw CoordinationError(code, path: change.path, changeIndex: index)
      }
    }
    self = copy
  }

  mutating func end(_ session: SessionID) {
    transactions += 1
    entries = entries.filter { $0.value.owner != session }
  }

  /// Answers with what is wrong.
  private mutating func make(_ change: Change, for session: SessionID) -> CoordinationError.Code? {
    switch change {
    case .create(let path, let data, let lifetime):
      guard let parent = path.parent, has(parent) else { return .noNode }
      guard !has(path) else { return .nodeExists }
      guard entries[parent]?.owner == nil else { return .sessionNodeHasNoChildren }
      let owner = lifetime == .session ? session : nil
      entries[path] = Entry(data: data, created: transactions, modified: transactions, owner: owner)
    case .write(let path, let data, let version):
      if let code = check(path, version) { return code }
      entries[path]?.data = data
      entries[path]?.version += 1
      entries[path]?.modified = transactions
    case .delete(let path, let version):
      if let code = check(path, version) { return code }
      guard children(of: path).isEmpty else { return .notEmpty }
      entries[path] = nil
    case .check(let path, let version):
      return check(path, version)
    }
    return nil
  }

  private func check(_ path: NodePath, _ version: Int?) -> CoordinationError.Code? {
    guard let entry = entries[path] else { return .noNode }
    return version == nil || version == entry.version ? nil : .badVersion
  }
}
