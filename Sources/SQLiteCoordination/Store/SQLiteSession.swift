import Coordination
import Synchronization

/// A session of this process.
final class SQLiteSession: CoordinationSession {
  private struct State {
    /// Nothing more is accepted.
    var hasEnded = false
    /// What it owned is gone, too.
    var isOver = false
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  let id: SessionID
  /// The kernel tells of the death of the process at once.
  var timeout: Duration { .zero }
  /// Holds the session alive; letting go of it is the end.
  private let life: FileLock
  private let store: OpenStore
  private let state = Mutex(State())

  init(id: SessionID, life: FileLock, store: OpenStore) {
    self.id = id
    self.life = life
    self.store = store
  }

  deinit {
    life.release()
  }

  var watches: WatchIndex { store.watches }
  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  // MARK: Operations

  func read(_ path: NodePath) async throws -> Node? {
    try checkAlive()
    if let known = store.remembered.node(at: path) { return known }
    let question = store.remembered.ask()
    let node = try await store.read { try $0.node(at: path) }
    store.remembered.keep(node, at: path, askedAs: question)
    return node
  }

  func children(of path: NodePath) async throws -> [String]? {
    try checkAlive()
    if let known = store.remembered.names(at: path) { return known }
    let question = store.remembered.ask()
    let names = try await store.read { try $0.children(of: path) }
    store.remembered.keep(names, at: path, askedAs: question)
    return names
  }

  func rememberedChildren(of path: NodePath) -> [String]? { hasEnded ? nil : store.remembered.names(at: path) }

  func transaction(_ changes: [Change]) async throws {
    try CoordinationLimits.check(changes)
    try checkAlive()
    do {
      try await store.write { [id] in try $0.make(changes, for: id) }
    } catch let error as CoordinationError where error.code == .sessionEnded {
      lost()
      throw error
    }
  }

  /// Every read sees all that was committed before it: there is nothing to wait for.
  func synchronize() async throws {
    try checkAlive()
  }

  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> {
    let watch = Watch(.init(path: path.string, kind: .node), in: self) {
      try await self.read(path)
    } isSame: {
      $0?.created == $1?.created && $0?.version == $1?.version
    }
    return AsyncThrowingStream { try await watch.next() }
  }

  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    let watch = Watch(.init(path: path.string, kind: .children), in: self) {
      try await self.children(of: path)
    } isSame: { _, _ in
      false
    }
    return AsyncThrowingStream { try await watch.next() }
  }

  // MARK: End

  func ended() async {
    let waiter = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isOver || Task.isCancelled { return true }
          state.waiters[waiter] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
    }
  }

  func close() async {
    guard markEnded() else { return }
    await store.end(id, life: life)
    resumeWaiters()
  }

  /// Others have taken the session for dead, or the store is gone: there is nothing left to delete.
  func lost() {
    guard markEnded() else { return }
    watches.finish(id)
    life.release()
    resumeWaiters()
  }

  private func checkAlive() throws {
    if hasEnded { throw CoordinationError(.sessionEnded) }
  }

  /// Answers whether it was alive until now.
  private func markEnded() -> Bool {
    state.withLock { state in
      defer { state.hasEnded = true }
      return !state.hasEnded
    }
  }

  private func resumeWaiters() {
    let waiters = state.withLock { state in
      state.isOver = true
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }
}
