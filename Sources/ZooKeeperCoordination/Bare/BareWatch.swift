package import Coordination

/// The server's own watch, which tells that a node has changed, and nothing else: the floor that a bench compares the
/// store's watches with, which read the node again.
package final class BareWatch: Sendable {
  private let session: ZooKeeperSession
  private let path: String
  private let signal = WatchSignal()
  private let token: UInt

  /// - Returns: `nil` for a session of another store.
  package init?(_ session: any CoordinationSession, _ path: NodePath) {
    guard let session = session as? ZooKeeperSession else { return nil }
    self.session = session
    self.path = absolute(path, prefix: session.prefix)
    token = session.watches.add(signal, .data, at: self.path)
  }

  deinit {
    session.watches.remove(signal, at: path, handle: session.handle)
  }

  /// Sets the watch. It goes off once; then it must be set anew.
  package func arm() async {
    // Raised from the beginning, or by a reconnection: that is no change of the node.
    signal.raise()
    await signal.wait()
    _ = await session.handle.exists(path, watch: token)
  }

  /// Returns when the watch has gone off since it was set.
  package func wait() async { await signal.wait() }
}
