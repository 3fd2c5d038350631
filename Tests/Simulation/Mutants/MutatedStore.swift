import Coordination

/// A store between the product and the simulated one, through which the product behaves as if it had a bug.
struct MutatedStore: CoordinationStore {
  let store: any CoordinationStore
  let mutant: Mutant
  let process: SimulatedProcess

  func openSession() async throws -> any CoordinationSession {
    MutatedSession(session: try await store.openSession(), mutant: mutant, process: process)
  }
}

final class MutatedSession: CoordinationSession, @unchecked Sendable {
  private let session: any CoordinationSession
  private let mutant: Mutant
  private let process: SimulatedProcess
  private var transactions = 0
  /// Lists that were read, and when.
  private var lists: [NodePath: (time: Int, names: [String]?)] = [:]
  /// Whether the next look at the queues, or at the idle list, is not taken.
  private var skipsQueues = 0
  private var skipsIdle = 0
  private var isLying = false
  private var hasWritten: Set<NodePath> = []

  init(session: any CoordinationSession, mutant: Mutant, process: SimulatedProcess) {
    self.session = session
    self.mutant = mutant
    self.process = process
  }

  var id: SessionID { session.id }
  var timeout: Duration { session.timeout }

  // MARK: Changes

  func transaction(_ changes: [Change]) async throws {
    transactions += 1
    let kind = TransactionKind(changes: changes, session: id)
    if mutant == .acknowledgedUnwritten, kind.isTrigger, transactions.isMultiple(of: 3) { return }
    do {
      for some in mutant.transactions(changes, by: id) { try await make(some) }
    } catch let error as CoordinationError {
      try await mutate(error, of: changes)
    }
    if kind.isPark || kind.isFinish { skipsQueues = 1 }
    if changes.contains(where: { $0.isCreate && $0.path.isQueue }) { skipsIdle = 1 }
    if mutant == .readsBeforeWrite { hasWritten.formUnion(lists.keys) }
  }

  private func make(_ changes: [Mutant.Numbered]) async throws {
    do {
      try await session.transaction(changes.map(\.change))
    } catch let error as CoordinationError {
      guard let index = error.changeIndex, changes.indices.contains(index) else { throw error }
      throw CoordinationError(
        error.code, path: error.path, message: error.message, changeIndex: changes[index].index)
    }
  }

  private func mutate(_ error: CoordinationError, of changes: [Change]) async throws {
    if mutant == .failsHalfDone, let index = error.changeIndex, index > 0 {
      try? await session.transaction(Array(changes.prefix(index)))
    }
    guard error.code == .outcomeUnknown else { throw error }
    switch mutant {
    case .unknownIsSuccess: return
    case .unknownIsFailure:
      throw CoordinationError(.badVersion, path: changes.first?.path, changeIndex: changes.count - 1)
    case .neverCommitted:
      isLying = true
      throw error
    default: throw error
    }
  }

  func synchronize() async throws { try await session.synchronize() }

  // MARK: Reads

  func read(_ path: NodePath) async throws -> Node? {
    var node = try await session.read(path)
    if isLying {
      // Whoever asks after an unknown outcome looks for what it made, or for what it removed.
      isLying = false
      let isLookedFor = path.isBuild || path.isDelivery
      node = node != nil || isLookedFor ? nil : Node(data: [], version: 0, created: 0, modified: 0)
    }
    if mutant == .versionOffByOne, path.isSlot || path.isBuild { node?.version += 1 }
    return node
  }

  func children(of path: NodePath) async throws -> [String]? {
    let isQueueList = path.string.hasPrefix(NodeMap.queues.string)
    let isIdleList = path.string.hasPrefix(NodeMap.idle.string)
    if mutant == .noLookAfterPark, isQueueList, skipsQueues > 0 {
      skipsQueues = 0
      return nil
    }
    if mutant == .noLookAfterQueue, isIdleList, skipsIdle > 0 {
      skipsIdle = 0
      return nil
    }
    if mutant == .workersUnwatched, path == NodeMap.slots { return nil }
    if let old = remembered(path, isQueueList, isIdleList) { return old }
    let names = try await session.children(of: path)
    lists[path] = (process.world.now, names)
    return names
  }

  /// What an earlier look at a list has brought, where the mutant takes that for the present.
  private func remembered(_ path: NodePath, _ isQueueList: Bool, _ isIdleList: Bool) -> [String]?? {
    guard let (time, names) = lists[path] else { return nil }
    switch mutant {
    case .queuesFromMemory where isQueueList && process.world.now - time < 5_000_000: return names
    case .readsBeforeWrite where (isQueueList || isIdleList) && hasWritten.remove(path) != nil: return names
    case .recoveryWithoutProof where path.string.hasPrefix(NodeMap.workers.string): return names
    default: return nil
    }
  }

  // MARK: Watches

  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> {
    let stream = session.watch(path)
    guard path.isSlot else { return stream }
    switch mutant {
    case .watchFallsSilent: return losing(stream) { $0 > 1 }
    case .watchLosesEverySecond: return losing(stream) { $0.isMultiple(of: 2) }
    default: return stream
    }
  }

  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    let stream = session.watchChildren(of: path)
    return mutant == .workersUnwatched ? losing(stream) { $0 > 1 } : stream
  }

  private func losing<Element: Sendable>(
    _ stream: AsyncThrowingStream<Element, any Error>, _ isLost: @escaping @Sendable (Int) -> Bool
  ) -> AsyncThrowingStream<Element, any Error> {
    let reader = LossyReader(stream, isLost)
    return AsyncThrowingStream { try await reader.next() }
  }

  func ended() async { await session.ended() }

  func close() async { await session.close() }
}

/// Reads a stream, and loses some of it.
private final class LossyReader<Element: Sendable>: @unchecked Sendable {
  private var iterator: AsyncThrowingStream<Element, any Error>.Iterator
  private let isLost: @Sendable (Int) -> Bool
  private var count = 0

  init(_ stream: AsyncThrowingStream<Element, any Error>, _ isLost: @escaping @Sendable (Int) -> Bool) {
    iterator = stream.makeAsyncIterator()
    self.isLost = isLost
  }

  func next() async throws -> Element? {
    while true {
      var taken = iterator
      let element = try await taken.next()
      iterator = taken
      count += 1
      if element == nil || !isLost(count) { return element }
    }
  }
}
