import Coordination
import Synchronization

/// A session in which something happens at the stores, once, right before what it does there.
final class DisturbedSession: CoordinationSession {
  enum Moment {
    /// Before the first node below a path is read.
    case read(below: NodePath)
    case transaction
  }

  private let session: any CoordinationSession
  private let moment: Moment
  private let disturbance: @Sendable (NodePath) async throws -> Void
  private let hasHappened = Mutex(false)

  /// - Parameter disturbance: is told of the node, or of the first one that the transaction is about. What it throws is
  ///   thrown in place of the answer, and nothing is asked of the store.
  init(
    _ session: any CoordinationSession, before moment: Moment,
    _ disturbance: @escaping @Sendable (NodePath) async throws -> some Sendable
  ) {
    self.session = session
    self.moment = moment
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
    if isFirst { try await disturbance(path) }
  }

  func children(of path: NodePath) async throws -> [String]? { try await session.children(of: path) }
  func synchronize() async throws { try await session.synchronize() }
  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> { session.watch(path) }
  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    session.watchChildren(of: path)
  }
  func ended() async { await session.ended() }
  func close() async { await session.close() }
}
