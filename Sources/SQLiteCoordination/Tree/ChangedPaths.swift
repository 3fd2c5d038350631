import Coordination

/// The nodes that a commit touched; or everything, when they are too many to tell.
struct ChangedPaths: Hashable, Sendable {
  /// Whether the node came or went, rather than was written, for each path.
  private(set) var structural: [NodePath: Bool] = [:]
  private(set) var isEverything = false
  private var size = 0

  static let everything: ChangedPaths = {
    var changes = ChangedPaths()
    changes.isEverything = true
    return changes
  }()

  /// Bytes of paths beyond which reading all that is watched is cheaper than telling.
  private static let limit = 16 * 1024

  mutating func insert(_ path: NodePath, isStructural: Bool) {
    guard !isEverything else { return }
    if structural.updateValue(isStructural || structural[path] == true, forKey: path) == nil {
      size += path.string.utf8.count + 2
    }
    if size > Self.limit { self = .everything }
  }

  mutating func formUnion(_ other: ChangedPaths) {
    guard !other.isEverything else { return self = .everything }
    for (path, isStructural) in other.structural { insert(path, isStructural: isStructural) }
  }

  // MARK: As text

  /// A line each: `*` or `=`, and the path. `nil` for everything.
  var text: String? {
    guard !isEverything else { return nil }
    var text = ""
    text.reserveCapacity(size)
    for (path, isStructural) in structural {
      if !text.isEmpty { text += "\n" }
      text += isStructural ? "*" : "="
      text += path.string
    }
    return text
  }

  init() {}

  init(text: String?) {
    guard let text else {
      isEverything = true
      return
    }
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      insert(NodePath(String(Substring(line.dropFirst()))), isStructural: line.first == UInt8(ascii: "*"))
    }
  }
}
