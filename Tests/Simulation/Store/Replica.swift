import Coordination

/// One server of the ensemble: it applies the log in its own time, answers reads from what it has, and keeps one-shot
/// watches.
final class Replica {
  struct Watcher {
    unowned let connection: Connection
    var token: Int
  }

  let number: Int
  private(set) var tree = Tree()
  /// How much of the log it has applied.
  private(set) var applied = 0
  /// When the last entry will have been applied.
  var busyUntil = 0
  private var nodeWatches: [String: [Watcher]] = [:]
  private var childWatches: [String: [Watcher]] = [:]
  private var waiting: [(position: Int, action: () -> Void)] = []

  init(number: Int) {
    self.number = number
  }

  func watchNode(_ path: NodePath, _ watcher: Watcher) { nodeWatches[path.string, default: []].append(watcher) }

  func watchChildren(_ path: NodePath, _ watcher: Watcher) { childWatches[path.string, default: []].append(watcher) }

  /// Forgets the watches of a connection that is gone.
  func forget(_ connection: Connection) {
    for path in nodeWatches.keys { nodeWatches[path]?.removeAll { $0.connection === connection } }
    for path in childWatches.keys { childWatches[path]?.removeAll { $0.connection === connection } }
  }

  /// Calls the action when so much of the log has been applied.
  func whenApplied(_ position: Int, _ action: @escaping () -> Void) {
    if applied >= position { action() } else { waiting.append((position, action)) }
  }

  /// Applies the next entry of the log.
  ///
  /// - Returns: the watches that it sets off.
  func apply(_ touched: [String: Tree.Touched]) -> [Watcher] {
    var fired: [Watcher] = []
    for (path, node) in touched.sorted(by: { $0.key < $1.key }) {
      let (old, new) = (node.old, node.new)
      let isAnother = old?.created != new?.created || old?.version != new?.version
      if isAnother, let watchers = nodeWatches.removeValue(forKey: path) { fired += watchers }
      let comesOrGoes = old?.created != new?.created
      if comesOrGoes || old?.children != new?.children, let watchers = childWatches.removeValue(forKey: path) {
        fired += watchers
      }
    }
    tree.take(touched)
    applied += 1
    let ready = waiting.filter { $0.position <= applied }
    waiting.removeAll { $0.position <= applied }
    for (_, action) in ready { action() }
    return fired
  }
}
