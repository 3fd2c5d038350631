import Coordination
import Synchronization

/// Who watches what, so that a commit costs only those whom it concerns.
final class WatchIndex: Sendable {
  /// What is watched at a path.
  enum Kind: Hashable {
    case node
    case children
  }

  struct Key: Hashable {
    var path: String
    var kind: Kind
  }

  private let signals = Mutex<[Key: [ObjectIdentifier: ChangeSignal]]>([:])

  /// How many places are watched.
  var count: Int { signals.withLock { $0.count } }

  func insert(_ signal: ChangeSignal, at key: Key) {
    signals.withLock { $0[key, default: [:]][ObjectIdentifier(signal)] = signal }
  }

  func remove(_ signal: ChangeSignal, at key: Key) {
    signals.withLock { signals in
      signals[key]?[ObjectIdentifier(signal)] = nil
      if signals[key]?.isEmpty == true { signals[key] = nil }
    }
  }

  func mark(_ changes: ChangedPaths) {
    for signal in concerned(by: changes) { signal.mark() }
  }

  /// Finishes every watch of a session.
  func finish(_ session: SessionID) {
    let ended = signals.withLock { $0.values.flatMap { $0.values.filter { $0.session == session } } }
    for signal in ended { signal.finish() }
  }

  private func concerned(by changes: ChangedPaths) -> [ChangeSignal] {
    signals.withLock { signals in
      guard !signals.isEmpty else { return [] }
      if changes.isEverything { return signals.values.flatMap(\.values) }
      return changes.structural.flatMap { path, isStructural in
        Self.keys(of: path, isStructural: isStructural).flatMap { signals[$0].map { Array($0.values) } ?? [] }
      }
    }
  }

  /// A node that comes or goes is a change of itself, of its own list of children, and of its parent's.
  private static func keys(of path: NodePath, isStructural: Bool) -> [Key] {
    let node = Key(path: path.string, kind: .node)
    guard isStructural else { return [node] }
    let list = Key(path: path.string, kind: .children)
    guard let parent = path.parent else { return [node, list] }
    return [node, list, Key(path: parent.string, kind: .children)]
  }
}
