internal import Coordination

/// One consumer's view of a node: reads when asked, but only once something may have changed, and setting the server's
/// one-shot watch anew with every read. A slow consumer so costs nothing, and sees the newest.
final class Watch<Value: Sendable>: Sendable {
  private let session: ZooKeeperSession
  private let path: String
  private let token: UInt
  private let signal = WatchSignal()
  private let last = Locked<Value?>(nil)
  private let read: @Sendable (ZooKeeperSession, _ token: UInt) async throws -> Value
  private let isSame: @Sendable (Value, Value) -> Bool

  /// - Parameter isSame: whether a value read is no news after another.
  init(
    _ session: ZooKeeperSession, _ interest: WatchTable.Interest, at path: String,
    isSame: @escaping @Sendable (Value, Value) -> Bool,
    read: @escaping @Sendable (ZooKeeperSession, _ token: UInt) async throws -> Value
  ) {
    self.session = session
    self.path = path
    self.isSame = isSame
    self.read = read
    token = session.watches.add(signal, interest, at: path)
  }

  deinit {
    session.watches.remove(signal, at: path, handle: session.handle)
  }

  /// The next news; `nil` when the task is cancelled.
  func next() async throws -> Value? {
    do {
      while true {
        await signal.wait()
        try Task.checkCancellation()
        let value = try await read(session, token)
        if isNews(value) { return value }
      }
    } catch is CancellationError {
      return nil
    }
  }

  private func isNews(_ value: Value) -> Bool {
    last.withLock { last in
      if let last, isSame(last, value) { return false }
      last = value
      return true
    }
  }
}
