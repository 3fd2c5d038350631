/// The children of nodes whose children may stay the same for a while, each with a watch: who asks sets one, so that a change
/// is told to those alone who asked since the one before it.
///
/// The library hands on what the server sends in its order, on one thread: events of watches and answers alike. So a list is
/// known to be out of date before any answer comes that tells of something later, the answer to a write of our own included,
/// and what is remembered is what a read would have found at the time of the latest answer.
final class RememberedLists: Sendable {
  /// Beyond so many all are forgotten: folders come and go, and nobody tells that a path is not asked for any more.
  private static let most = 1_000

  private let lists = Locked<[String: RememberedList]>([:])

  /// The list at a path, made when it is not there.
  func list(at path: String, in watches: WatchTable, of handle: ZooKeeperHandle) -> RememberedList {
    let (list, forgotten) = lists.withLock { lists -> (RememberedList, [String: RememberedList]) in
      if let known = lists[path] { return (known, [:]) }
      let forgotten = lists.count < Self.most ? [:] : lists
      if !forgotten.isEmpty { lists = [:] }
      let signal = WatchSignal()
      let list = RememberedList(signal: signal, token: watches.add(signal, .children, at: path))
      lists[path] = list
      return (list, forgotten)
    }
    for (path, list) in forgotten { watches.remove(list.signal, at: path, handle: handle) }
    return list
  }

  /// What is known of the children at a path; `nil` when the server must be asked.
  func names(at path: String) -> [String]? { lists.withLock { $0[path] }?.names }
}

/// What is remembered of one list.
final class RememberedList: Sendable {
  let signal: WatchSignal
  let token: UInt
  private let state = Locked((asked: 0, names: [String]?.none))

  init(signal: WatchSignal, token: UInt) {
    self.signal = signal
    self.token = token
  }

  var names: [String]? { state.withLock { signal.isRaised ? nil : $0.names } }

  /// The server is about to be asked, and a watch to be set.
  ///
  /// - Returns: names the question.
  func ask() -> Int {
    state.withLock { state in
      state.asked += 1
      state.names = nil
      // Before the question is sent: what changes after its answer raises it again.
      signal.lower()
      return state.asked
    }
  }

  /// The answer has come. Of an older question it is not kept: who asked later may have seen, and cleared, the sign that this
  /// one is out of date.
  func keep(_ names: [String]?, askedAs question: Int) {
    state.withLock { state in
      if state.asked == question { state.names = names }
    }
  }
}
