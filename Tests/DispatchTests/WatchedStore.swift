import Coordination
import Synchronization

/// A store that keeps a list of what one session asked for and was told, in order.
final class WatchedStore: Sendable {
  enum Use: Hashable, Sendable {
    case read(NodePath)
    case children(NodePath)
    case transaction
    /// An element that a watch gave out, its first one included.
    case event(NodePath)
  }

  private let list = Mutex<[Use]>([])

  var uses: [Use] { list.withLock { $0 } }

  func note(_ use: Use) { list.withLock { $0.append(use) } }

  func watched(_ session: any CoordinationSession) -> any CoordinationSession {
    WatchedSession(session: session, store: self)
  }
}

private struct WatchedSession: CoordinationSession {
  let session: any CoordinationSession
  let store: WatchedStore

  var id: SessionID { session.id }
  var timeout: Duration { session.timeout }

  func read(_ path: NodePath) async throws -> Node? {
    store.note(.read(path))
    return try await session.read(path)
  }

  func children(of path: NodePath) async throws -> [String]? {
    store.note(.children(path))
    return try await session.children(of: path)
  }

  func transaction(_ changes: [Change]) async throws {
    store.note(.transaction)
    try await session.transaction(changes)
  }

  func synchronize() async throws { try await session.synchronize() }

  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> {
    noted(session.watch(path), path)
  }

  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    noted(session.watchChildren(of: path), path)
  }

  func ended() async { await session.ended() }

  func close() async { await session.close() }

  private func noted<Element: Sendable>(
    _ stream: AsyncThrowingStream<Element, any Error>, _ path: NodePath
  ) -> AsyncThrowingStream<Element, any Error> {
    let (noted, feed) = AsyncThrowingStream.makeStream(of: Element.self, throwing: (any Error).self)
    let task = Task {
      do {
        for try await element in stream {
          store.note(.event(path))
          feed.yield(element)
        }
        feed.finish()
      } catch {
        feed.finish(throwing: error)
      }
    }
    feed.onTermination = { _ in task.cancel() }
    return noted
  }
}
