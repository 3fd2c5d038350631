import Coordination
import Execution

/// A coordination store with failpoints around every operation.
struct FailpointCoordinationStore: CoordinationStore {
  let store: any CoordinationStore
  let failpoints: Failpoints

  func openSession() async throws -> any CoordinationSession {
    let session = try await failpoints.around("open session") { try await store.openSession() }
    return FailpointSession(session: session, failpoints: failpoints)
  }
}

private struct FailpointSession: CoordinationSession {
  let session: any CoordinationSession
  let failpoints: Failpoints

  var id: SessionID { session.id }
  var timeout: Duration { session.timeout }

  func read(_ path: NodePath) async throws -> Node? {
    try await failpoints.around("read \(SitePattern.of(path))") { try await session.read(path) }
  }

  func children(of path: NodePath) async throws -> [String]? {
    try await failpoints.around("children \(SitePattern.of(path))") { try await session.children(of: path) }
  }

  func settledChildren(of path: NodePath) async throws -> [String]? {
    if let known = session.rememberedChildren(of: path) { return known }
    return try await failpoints.around("children \(SitePattern.of(path))") {
      try await session.settledChildren(of: path)
    }
  }

  func rememberedChildren(of path: NodePath) -> [String]? { session.rememberedChildren(of: path) }

  func transaction(_ changes: [Change]) async throws {
    try await failpoints.around("transaction \(SitePattern.of(changes))") { try await session.transaction(changes) }
  }

  func synchronize() async throws {
    try await failpoints.around("synchronize") { try await session.synchronize() }
  }

  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> {
    around("watch \(SitePattern.of(path))") { session.watch(path) }
  }

  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    around("watch children \(SitePattern.of(path))") { session.watchChildren(of: path) }
  }

  func ended() async { await session.ended() }

  func close() async {
    failpoints.pass("close session", .before)
    await session.close()
    failpoints.pass("close session", .after)
  }

  /// A failpoint before the watch, and one after each element.
  private func around<Element: Sendable>(
    _ site: String, _ watch: () -> AsyncThrowingStream<Element, any Error>
  ) -> AsyncThrowingStream<Element, any Error> {
    failpoints.pass(site, .before)
    let iterator = WatchIterator(watch().makeAsyncIterator())
    return AsyncThrowingStream {
      var iterator = iterator.iterator
      let element = try await iterator.next()
      if element != nil { failpoints.pass(site, .after) }
      return element
    }
  }
}

/// A stream's iterator, which is a reference to the stream itself. A watch has one consumer, so it is used by one at a time.
private struct WatchIterator<Element: Sendable>: @unchecked Sendable {
  let iterator: AsyncThrowingStream<Element, any Error>.Iterator

  init(_ iterator: AsyncThrowingStream<Element, any Error>.Iterator) {
    self.iterator = iterator
  }
}
