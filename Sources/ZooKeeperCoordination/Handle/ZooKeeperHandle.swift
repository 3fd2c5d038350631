internal import CZooKeeper
internal import Coordination
internal import Dispatch
internal import Glibc

/// The one owner of a `zhandle_t`: opened once, closed once, and not touched by any request before the one and after the
/// other.
final class ZooKeeperHandle: Sendable {
  /// `@unchecked`: the library locks what its handle holds; any thread may use it until it is closed.
  @safe private struct Raw: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private struct State {
    /// Set from opening to freeing.
    var raw: Raw?
    /// Takes no more requests.
    var isClosing = false
    /// Called once when nothing is pending any more.
    var whenDrained: (@Sendable () -> Void)?
    /// Lives until the library's threads have ended, because they call it.
    var context: HandleContext?
    /// Everything that the library may still complete. When it is closed it forgets those that come too late for its
    /// completion thread, so that they are answered from here.
    var pending: [ObjectIdentifier: PendingRequest] = [:]
  }

  /// Opening resolves names, and closing waits for the server and joins threads.
  private static let blockingCalls = DispatchQueue(label: "distci.zookeeper.blocking", attributes: .concurrent)

  /// How long closing waits for requests that are under way.
  private static let drainLimit = DispatchTimeInterval.seconds(5)

  /// The library has one level for the whole process.
  private static let logLevel: Void = zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR)

  private let state = Locked(State())

  /// Starts to connect.
  ///
  /// - Parameter timeout: the time of silence to ask for, in milliseconds.
  /// - Returns: 0, or the `errno` of the failure.
  func open(servers: String, timeout: Int32, receive: @escaping @Sendable (HandleEvent) -> Void) async -> Int32 {
    let opened = Promise<Int32>()
    ZooKeeperHandle.blockingCalls.async {
      opened.resolve(self.openBlocking(servers: servers, timeout: timeout, context: HandleContext(receive: receive)))
    }
    return await opened.value()
  }

  private func openBlocking(servers: String, timeout: Int32, context: HandleContext) -> Int32 {
    ZooKeeperHandle.logLevel
    state.withLock { $0.context = context }
    let address = unsafe Unmanaged.passUnretained(context).toOpaque()
    let raw = unsafe zookeeper_init2(
      servers, sessionChanged, timeout, nil, address, ZOO_NO_LOG_CLIENTENV, discardLog)
    guard let raw = unsafe raw.map({ unsafe Raw(pointer: $0) }) else { return errno == 0 ? EINVAL : errno }
    // Else it asks for the addresses of all servers each time that its thread wakes up, which is most of what a request costs.
    // After a loss of the connection it asks anyway.
    _ = unsafe zoo_set_servers_resolution_delay(raw.pointer, -1)
    state.withLock { $0.raw = raw }
    return 0
  }

  /// Ends the session if there is a connection, and frees the handle. Only the first call does anything.
  ///
  /// The library waits for the server to answer the end of the session, but takes whatever comes first for the answer,
  /// and closes the connection so that the server may never read of the end. Hence nothing else must be on its way: the
  /// watches are taken back, and what is pending is waited for.
  ///
  /// - Parameters:
  ///   - watchedPaths: where watches are set.
  ///   - closed: called when the handle is freed; not at all when another call closes it.
  /// - Returns: whether this call closes it.
  @discardableResult
  func close(watchedPaths: [String], then closed: @escaping @Sendable () -> Void) -> Bool {
    guard let pending = refuseRequests() else { return false }
    // Whoever waits need not wait for what closing takes.
    for request in pending { request.abandon(ZCLOSING.rawValue) }
    for path in watchedPaths { takeBackWatchesForClosing(path) }
    let isDrained = state.withLock { state in
      state.whenDrained = { self.free(then: closed) }
      return state.pending.isEmpty
    }
    let deadline = DispatchTime.now() + (isDrained ? .seconds(0) : ZooKeeperHandle.drainLimit)
    ZooKeeperHandle.blockingCalls.asyncAfter(deadline: deadline) { self.drained() }
    return true
  }

  /// Frees the handle of a session that is over, or whose servers cannot be reached. May be called on the library's own
  /// threads.
  func abandon() {
    guard let pending = refuseRequests() else { return }
    for request in pending { request.abandon(ZCLOSING.rawValue) }
    ZooKeeperHandle.blockingCalls.async { self.free(then: {}) }
  }

  /// - Returns: what is under way; `nil` when the handle is not open.
  private func refuseRequests() -> [PendingRequest]? {
    state.withLock { state in
      guard state.raw != nil, !state.isClosing else { return nil }
      state.isClosing = true
      return Array(state.pending.values)
    }
  }

  private func drained() {
    state.withLock { $0.whenDrained.take() }?()
  }

  /// Blocks the thread.
  private func free(then closed: () -> Void) {
    guard let raw = state.withLock({ $0.raw.take() }) else { return }
    unsafe zookeeper_close(raw.pointer)
    forget()
    closed()
  }

  /// The library's threads have ended: nothing of this is called any more.
  private func forget() {
    let forgotten = state.withLock { state in
      defer { state = State() }
      return state
    }
    // Freed without the lock, since what it holds may come back here.
    _ = consume forgotten
  }

  /// Gives a request to the library, whose completion is called at most once if this returns `ZOK`, and never otherwise.
  ///
  /// - Parameter whileClosing: whether to take it although the handle is being closed.
  func submit(
    _ request: PendingRequest, whileClosing: Bool = false,
    _ send: (OpaquePointer, UnsafeMutableRawPointer) -> Int32
  ) -> Int32 {
    state.withLock { state in
      guard let raw = state.raw, !state.isClosing || whileClosing else { return ZCLOSING.rawValue }
      state.pending[ObjectIdentifier(request)] = request
      let code = unsafe send(raw.pointer, Unmanaged.passUnretained(request).toOpaque())
      if code != ZOK.rawValue { state.pending[ObjectIdentifier(request)] = nil }
      return code
    }
  }

  func finished(_ request: PendingRequest) {
    let isDrained = state.withLock { state in
      state.pending[ObjectIdentifier(request)] = nil
      return state.pending.isEmpty && state.whenDrained != nil
    }
    // Not on the library's thread, which is joined.
    if isDrained { ZooKeeperHandle.blockingCalls.async { self.drained() } }
  }
}
