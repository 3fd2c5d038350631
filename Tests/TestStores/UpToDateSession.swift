package import Coordination

/// A session for who looks on: what it reads holds everything that anybody had written before. A test may so look for what
/// it has just done through another session, which a server that lags behind may not have heard of.
package struct UpToDateSession: CoordinationSession {
  private let session: any CoordinationSession

  package init(_ session: any CoordinationSession) {
    self.session = session
  }

  package var id: SessionID { session.id }
  package var timeout: Duration { session.timeout }

  package func read(_ path: NodePath) async throws -> Node? {
    try await session.synchronize()
    return try await session.read(path)
  }

  package func children(of path: NodePath) async throws -> [String]? {
    try await session.synchronize()
    return try await session.children(of: path)
  }

  package func transaction(_ changes: [Change]) async throws { try await session.transaction(changes) }

  package func synchronize() async throws { try await session.synchronize() }

  package func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> {
    upToDate { session.watch(path) }
  }

  package func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    upToDate { session.watchChildren(of: path) }
  }

  package func ended() async { await session.ended() }

  package func close() async { await session.close() }

  private func upToDate<Element: Sendable>(
    _ begin: @escaping @Sendable () -> AsyncThrowingStream<Element, any Error>
  ) -> AsyncThrowingStream<Element, any Error> {
    let (stream, feed) = AsyncThrowingStream.makeStream(of: Element.self, throwing: (any Error).self)
    let task = Task {
      do {
        try await session.synchronize()
        for try await element in begin() { feed.yield(element) }
        feed.finish()
      } catch is CancellationError {
        feed.finish()
      } catch {
        feed.finish(throwing: error)
      }
    }
    feed.onTermination = { _ in task.cancel() }
    return stream
  }
}
