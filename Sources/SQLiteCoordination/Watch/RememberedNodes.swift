import Coordination
import Synchronization

/// Nodes and the children of nodes, as long as it is certain that they are what the database holds: a look at memory instead of
/// one into the database.
///
/// What is remembered counts while the ``CommitBeacon`` shows the newest commit whose changes are known here; and while a
/// commit of this process is being made, if it leaves the node alone. So a read that is answered from here sees every commit
/// that anybody was told of before it. What a commit of this process changed is known without a read afterwards; what others
/// changed is forgotten.
final class RememberedNodes: Sendable {
  private struct State {
    /// The newest commit whose changes are known here.
    var known: Int64
    /// The commit that is being made by this process.
    var own: OwnCommit?
    var nodes = NodeMemory()
  }

  private struct OwnCommit {
    let number: Int64
    /// What the beacon shows meanwhile.
    let light: Int64
    /// What there is when it has been made, of all that it changes.
    var after: NodeMemory
  }

  private let beacon: CommitBeacon
  private let state: Mutex<State>

  /// - Parameter newest: the newest commit when the store was opened, or any before it.
  init(_ beacon: CommitBeacon, newest: Int64) {
    self.beacon = beacon
    state = Mutex(State(known: newest))
  }

  var known: Int64 { state.withLock { $0.known } }

  /// The newest commit of all processes; `nil` while one of them makes one.
  var newest: Int64? { beacon.newest }

  // MARK: Reading

  /// The node; `nil` when the database must be asked.
  func node(at path: NodePath) -> Node? { certain { $0.node(at: path) } }

  /// The children of a node; `nil` when the database must be asked.
  func names(at path: NodePath) -> [String]? { certain { $0.names(at: path) } }

  private func certain<Found>(_ find: (NodeMemory) -> Found?) -> Found? {
    state.withLock { state in
      guard let found = find(state.nodes) else { return nil }
      let light = beacon.light
      let isKnown = light == CommitBeacon.light(of: state.known)
      let isOwn = state.own.map { $0.light == light && $0.number == state.known + 1 } ?? false
      return isKnown || isOwn ? found : nil
    }
  }

  /// The database is about to be asked.
  ///
  /// - Returns: what to keep the answer with; `nil` when it is not worth keeping.
  func ask() -> Int64? {
    state.withLock { state in
      let light = beacon.light
      return light == CommitBeacon.light(of: state.known) ? light : nil
    }
  }

  /// The answer has come. It is kept unless there was a commit meanwhile.
  func keep(_ node: Node?, at path: NodePath, askedAs question: Int64?) {
    guard let question, let node else { return }
    keep(askedAs: question) { $0.set(node, at: path) }
  }

  /// The same for the children of a node.
  func keep(_ names: [String]?, at path: NodePath, askedAs question: Int64?) {
    guard let question, let names else { return }
    keep(askedAs: question) { $0.set(names, at: path) }
  }

  private func keep(askedAs question: Int64, _ set: (inout NodeMemory) -> Void) {
    state.withLock { state in
      guard beacon.light == question, question == CommitBeacon.light(of: state.known) else { return }
      set(&state.nodes)
    }
  }

  // MARK: Commits

  /// A commit of this process is about to be made. To be called with the lock for writing. Where it fails, or nobody knows
  /// whether it has, it counts as being made until the next one is.
  func begin(_ commit: Commit) {
    state.withLock { state in
      var after = state.nodes.take(commit.changes)
      // Whoever has not heard of the commits before it does not know what it is made to, even if that is learnt meanwhile.
      if state.known == commit.number - 1 { after.make(commit.steps) } else { after = NodeMemory() }
      state.own = OwnCommit(number: commit.number, light: beacon.begin(), after: after)
    }
  }

  /// The commit has been made.
  func end(_ commit: Commit) {
    state.withLock { state in
      guard let own = state.own else { return }
      if state.known == commit.number - 1 {
        state.known = commit.number
        state.nodes.put(own.after)
      }
      beacon.end(own.light, newest: commit.number)
      state.own = nil
    }
  }

  /// What all commits up to one have changed.
  func learn(_ changes: ChangedPaths, upTo newest: Int64) {
    state.withLock { state in
      _ = state.nodes.take(changes)
      state.known = max(state.known, newest)
    }
  }
}
