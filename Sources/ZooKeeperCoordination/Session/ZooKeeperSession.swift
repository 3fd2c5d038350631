internal import Coordination
internal import Dispatch

/// A session with a ZooKeeper ensemble, below one node of its tree.
final class ZooKeeperSession: CoordinationSession {
  let handle = ZooKeeperHandle()
  let watches = WatchTable()
  let lists = RememberedLists()
  let life = SessionLife()
  /// The path of the store's root at the server, without a final slash.
  let prefix: String

  private static let deadlines = DispatchQueue(label: "distci.zookeeper.deadlines")

  init(prefix: String) {
    self.prefix = prefix
  }

  deinit {
    // Nobody can use the session any more; the store need not wait for its silence.
    handle.close(watchedPaths: watches.paths) {}
  }

  var id: SessionID { life.id }

  var timeout: Duration { life.timeout }

  func ended() async {
    await life.awaitEnd()
  }

  func close() async {
    _ = life.end()
    watches.raiseAll()
    let closed = Promise<Void>()
    if handle.close(watchedPaths: watches.paths, then: { closed.resolve(()) }) { await closed.value() }
  }

  /// Starts to connect, and waits until there is a connection.
  ///
  /// - Parameter limit: how long to wait. When it is over, so is the session.
  /// - Returns: 0, or the `errno` of why it could not even begin.
  /// - Throws: ``CoordinationError`` with `sessionEnded`, or `CancellationError`.
  func open(servers: String, timeout: Int32, limit: Duration) async throws -> Int32 {
    endUnlessConnected(within: limit, epoch: 0)
    let failure = await handle.open(servers: servers, timeout: timeout) { [weak self] in self?.receive($0) }
    guard failure == 0 else { return failure }
    try await life.awaitConnection(cancellable: true)
    return 0
  }

  private func receive(_ event: HandleEvent) {
    switch event {
    case .connected(let id, let timeout):
      // Before anybody uses the connection: nothing that was remembered may be taken for what is there now.
      watches.connected(handle: handle)
      life.connected(as: id, timeout: timeout)
    case .disconnected:
      // The servers end a session that is silent for its timeout. They cannot tell it so while it is cut off: it must
      // know by itself, because others may own by then what it owned.
      guard let (epoch, timeout) = life.disconnected() else { return }
      endUnlessConnected(within: timeout + timeout / 10, epoch: epoch)
    case .ended:
      end()
    case .changed(let token, let change):
      watches.changed(token, change)
    }
  }

  private func endUnlessConnected(within limit: Duration, epoch: Int) {
    ZooKeeperSession.deadlines.asyncAfter(deadline: .now() + limit.dispatchInterval) { [weak self] in
      self?.end(ifStill: epoch)
    }
  }

  private func end(ifStill epoch: Int? = nil) {
    guard life.end(ifStill: epoch) else { return }
    watches.raiseAll()
    handle.abandon()
  }
}

extension Duration {
  fileprivate var dispatchInterval: DispatchTimeInterval {
    .nanoseconds(Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000))
  }
}
