import Coordination
import Synchronization

/// The children of nodes, as long as it is certain that nobody has changed them: a look at shared memory instead of one into
/// the database.
///
/// A list counts while the ``CommitBeacon`` shows the newest commit whose changes are known here; and while a commit of this
/// process is being made, if it leaves the list alone. So a read that is answered from here sees every commit that anybody was
/// told of before it.
final class RememberedLists: Sendable {
  private struct State {
    /// The newest commit whose changes are known here.
    var known: Int64
    /// The commit that is being made by this process, and what the beacon shows meanwhile.
    var own: (number: Int64, light: Int64)?
    var lists: [NodePath: [String]] = [:]
  }

  /// Beyond so many all are forgotten: folders come and go, and nobody tells that a path is not asked for any more.
  private static let most = 1_000

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

  /// The children of a node; `nil` when the database must be asked.
  func names(at path: NodePath) -> [String]? {
    state.withLock { state in
      guard let names = state.lists[path] else { return nil }
      let light = beacon.light
      let isKnown = light == CommitBeacon.light(of: state.known)
      let isOwn = state.own.map { $0.light == light && $0.number == state.known + 1 } ?? false
      return isKnown || isOwn ? names : nil
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
  func keep(_ names: [String]?, at path: NodePath, askedAs question: Int64?) {
    guard let question, let names else { return }
    state.withLock { state in
      guard beacon.light == question, question == CommitBeacon.light(of: state.known) else { return }
      if state.lists.count >= Self.most { state.lists = [:] }
      state.lists[path] = names
    }
  }

  // MARK: Commits

  /// A commit of this process is about to be made. To be called with the lock for writing. Where it fails, or nobody knows
  /// whether it has, it counts as being made until the next one is.
  func begin(_ commit: Commit) {
    state.withLock { state in
      state.lists.drop(commit.changes)
      state.own = (commit.number, beacon.begin())
    }
  }

  /// The commit has been made.
  func end(_ commit: Commit) {
    state.withLock { state in
      if state.known == commit.number - 1 { state.known = commit.number }
      if let own = state.own { beacon.end(own.light, newest: commit.number) }
      state.own = nil
    }
  }

  /// What all commits up to one have changed.
  func learn(_ changes: ChangedPaths, upTo newest: Int64) {
    state.withLock { state in
      state.lists.drop(changes)
      state.known = max(state.known, newest)
    }
  }
}

extension [NodePath: [String]] {
  /// Removes the lists that a commit has changed: a node that comes or goes is a change of its parent's, and of its own.
  fileprivate mutating func drop(_ changes: ChangedPaths) {
    guard !changes.isEverything else { return self = [:] }
    guard !isEmpty else { return }
    for (path, isStructural) in changes.structural where isStructural {
      self[path] = nil
      if let parent = path.parent { self[parent] = nil }
    }
  }
}
