import Coordination
import Synchronization

/// A session in which something happens at the stores, once or every time, right before what it does there.
final class DisturbedSession: CoordinationSession {
  enum Moment {
    /// Before the first node below a path is read.
    case read(below: NodePath)
    case transaction
    /// Before a list is watched.
    case watch(NodePath)
  }

  private let session: any CoordinationSession
  private let moment: Moment
  private let disturbance: @Sendable (NodePath) async throws -> Void
  private let isEveryTime: Bool
  private let hasHappened = Mutex(false)

  /// - Parameter disturbance: is told of the node, or of the first one that the transaction is about. What it throws is
  ///   thrown in place of the answer, and nothing is asked of the store.
  init(
    _ session: any CoordinationSession, before moment: Moment, everyTime: Bool = false,
    _ disturbance: @escaping @Sendable (NodePath) async throws -> some Sendable
  ) {
    self.session = session
    self.moment = moment
    isEveryTime = everyTime
    self.disturbance = { _ = try await disturbance($0) }
  }

  /// Its first transaction is lost on its way to the store, so that nobody knows what became of it.
  static func losingTransaction(
    _ session: any CoordinationSession, meanwhile: @escaping @Sendable () async throws -> Void
  ) -> DisturbedSession {
    DisturbedSession(session, before: .transaction) { _ in
      try await meanwhile()
      throw CoordinationError(.outcomeUnknown, message: "the answer is lost")
    }
  }

  var id: SessionID { session.id }
  var timeout: Duration { session.timeout }

  func read(_ path: NodePath) async throws -> Node? {
    if case .read(let folder) = moment, path.string.hasPrefix(folder.string) { try await disturb(path) }
    return try await session.read(path)
  }

  func transaction(_ changes: [Change]) async throws {
    if case .transaction = moment, let first = changes.first { try await disturb(first.path) }
    try await session.transaction(changes)
  }

  private func disturb(_ path: NodePath) async throws {
    let isFirst = hasHappened.withLock { happened in
      defer { happened = true }
      return !happened
    }
    if isFirst || isEveryTime { try await disturbance(path) }
  }

  func children(of path: NodePath) async throws -> [String]? { try await session.children(of: path) }
  func synchronize() async throws { try await session.synchronize() }
  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> { session.watch(path) }
  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    let stream = session.watchChildren(of: path)
    guard case .watch(path) = moment else { return stream }
    let (disturbed, feed) = AsyncThrowingStream.makeStream(of: [String]?.self, throwing: (any Error).self)
    let task = Task {
      do {
        try await disturb(path)
        for try await names in stream { feed.yield(names) }
        feed.finish()
      } catch {
        feed.finish(throwing: error)
      }
    }
    feed.onTermination = { _ in task.cancel() }
    return disturbed
  }
  func ended() async { await session.ended() }
  func close() async { await session.close() }
}
