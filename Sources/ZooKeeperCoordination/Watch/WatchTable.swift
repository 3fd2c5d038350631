internal import CZooKeeper
internal import Coordination

/// Which paths are watched at the server, and by whom here. Watches on one path share one token, so that the library holds
/// one entry for them however many there are; when the last has gone, the server's watch is taken back.
final class WatchTable: Sendable {
  /// What a watch wants to hear of, besides the node's creation and deletion.
  enum Interest {
    case data
    case children
  }

  private struct Watcher {
    var signal: WatchSignal
    var interest: Interest
  }

  private struct Point {
    var token: UInt
    var watchers: [ObjectIdentifier: Watcher] = [:]
  }

  private struct State {
    var points: [String: Point] = [:]
    var paths: [UInt: String] = [:]
    var lastToken: UInt = 0
  }

  private let state = Locked(State())

  /// The paths that are watched, or are still to be taken back.
  var paths: [String] { state.withLock { Array($0.points.keys) } }

  /// - Returns: the token to set watches with.
  func add(_ signal: WatchSignal, _ interest: Interest, at path: String) -> UInt {
    state.withLock { state in
      if state.points[path] == nil {
        state.lastToken += 1
        state.points[path] = Point(token: state.lastToken)
        state.paths[state.lastToken] = path
      }
      state.points[path]?.watchers[ObjectIdentifier(signal)] = Watcher(signal: signal, interest: interest)
      return state.points[path]?.token ?? 0
    }
  }

  func remove(_ signal: WatchSignal, at path: String, handle: ZooKeeperHandle) {
    state.withLock { state in
      state.points[path]?.watchers[ObjectIdentifier(signal)] = nil
      // Sent while the table is locked: a watch added after this is also set after this, and stays.
      takeBackIfUnused(path, &state, handle)
    }
  }

  func changed(_ token: UInt, _ change: NodeChange) {
    let signals = state.withLock { state -> [WatchSignal] in
      guard let path = state.paths[token], let point = state.points[path] else { return [] }
      return point.watchers.values.filter { $0.interest.includes(change) }.map(\.signal)
    }
    for signal in signals { signal.raise() }
  }

  /// The connection is back. The library sets its watches again; that nothing was missed in between is made sure of here.
  func connected(handle: ZooKeeperHandle) {
    state.withLock { state in
      for path in state.points.keys { takeBackIfUnused(path, &state, handle) }
    }
    raiseAll()
  }

  /// Makes every watch look again: at its node, or at the end of the session.
  func raiseAll() {
    let signals = state.withLock { $0.points.values.flatMap { $0.watchers.values.map(\.signal) } }
    for signal in signals { signal.raise() }
  }

  private func takeBackIfUnused(_ path: String, _ state: inout State, _ handle: ZooKeeperHandle) {
    guard let point = state.points[path], point.watchers.isEmpty else { return }
    // Not sent: the handle is closed, and has no watches any more. Not answered for want of a connection: next time.
    _ = handle.removeWatches(path) { [weak self] answer in
      guard case .completed(let code, _) = answer, code == ZOK.rawValue || code == ZNOWATCHER.rawValue else { return }
      self?.takenBack(path)
    }
  }

  private func takenBack(_ path: String) {
    state.withLock { state in
      guard let point = state.points[path], point.watchers.isEmpty else { return }
      state.points[path] = nil
      state.paths[point.token] = nil
    }
  }
}

extension WatchTable.Interest {
  fileprivate func includes(_ change: NodeChange) -> Bool {
    switch (self, change) {
    case (_, .node), (.data, .data), (.children, .children): true
    case (.data, .children), (.children, .data): false
    }
  }
}
