import Synchronization

/// How often a coordination store was used: figures that do not depend on how busy the machine is.
package struct CoordinationCounts: Hashable, Sendable {
  package var transactions = 0
  package var reads = 0
  /// Elements that watches gave out, each one's first included.
  package var watchEvents = 0

  package init(transactions: Int = 0, reads: Int = 0, watchEvents: Int = 0) {
    self.transactions = transactions
    self.reads = reads
    self.watchEvents = watchEvents
  }

  package static func - (later: Self, earlier: Self) -> Self {
    var difference = later
    difference.transactions -= earlier.transactions
    difference.reads -= earlier.reads
    difference.watchEvents -= earlier.watchEvents
    return difference
  }
}

/// A store that counts what is asked of another one, over all of its sessions.
package final class CountingCoordinationStore: CoordinationStore {
  private let store: any CoordinationStore
  private let counter = CoordinationCounter()

  package init(_ store: any CoordinationStore) {
    self.store = store
  }

  package var counts: CoordinationCounts { counter.counts.withLock { $0 } }

  package func openSession() async throws -> any CoordinationSession {
    CountingSession(session: try await store.openSession(), counter: counter)
  }
}

private final class CoordinationCounter: Sendable {
  let counts = Mutex(CoordinationCounts())
}

private struct CountingSession: CoordinationSession {
  let session: any CoordinationSession
  let counter: CoordinationCounter

  var id: SessionID { session.id }
  var timeout: Duration { session.timeout }

  func read(_ path: NodePath) async throws -> Node? {
    counter.counts.withLock { $0.reads += 1 }
    return try await session.read(path)
  }

  func children(of path: NodePath) async throws -> [String]? {
    counter.counts.withLock { $0.reads += 1 }
    return try await session.children(of: path)
  }

  func settledChildren(of path: NodePath) async throws -> [String]? {
    if let known = session.rememberedChildren(of: path) { return known }
    counter.counts.withLock { $0.reads += 1 }
    return try await session.settledChildren(of: path)
  }

  func rememberedChildren(of path: NodePath) -> [String]? { session.rememberedChildren(of: path) }

  func transaction(_ changes: [Change]) async throws {
    counter.counts.withLock { $0.transactions += 1 }
    try await session.transaction(changes)
  }

  func synchronize() async throws { try await session.synchronize() }

  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> { counted(session.watch(path)) }

  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    counted(session.watchChildren(of: path))
  }

  func ended() async { await session.ended() }

  func close() async { await session.close() }

  private func counted<Element: Sendable>(
    _ stream: AsyncThrowingStream<Element, any Error>
  ) -> AsyncThrowingStream<Element, any Error> {
    let iterator = Mutex(UncheckedIterator(stream.makeAsyncIterator()))
    return AsyncThrowingStream {
      var taken = iterator.withLock { $0 }
      let element = try await taken.iterator.next()
      if element != nil { counter.counts.withLock { $0.watchEvents += 1 } }
      return element
    }
  }
}

/// A stream's iterator, which is a reference to the stream itself. A watch has one consumer, so it is used by one at a time.
private struct UncheckedIterator<Element: Sendable>: @unchecked Sendable {
  var iterator: AsyncThrowingStream<Element, any Error>.Iterator

  init(_ iterator: AsyncThrowingStream<Element, any Error>.Iterator) {
    self.iterator = iterator
  }
}
