import Coordination

/// A session whose first transaction is lost on its way to the store, so that nobody knows what became of it, while something
/// else happens there.
final class LostAnswerSession: CoordinationSession {
  private let session: any CoordinationSession
  private let loss: Loss

  private actor Loss {
    private var meanwhile: (@Sendable () async throws -> Void)?

    init(_ meanwhile: @escaping @Sendable () async throws -> Void) { self.meanwhile = meanwhile }

    func take() -> (@Sendable () async throws -> Void)? {
      defer { meanwhile = nil }
      return meanwhile
    }
  }

  init(_ session: any CoordinationSession, meanwhile: @escaping @Sendable () async throws -> Void) {
    self.session = session
    loss = Loss(meanwhile)
  }

  var id: SessionID { session.id }
  var timeout: Duration { session.timeout }

  func transaction(_ changes: [Change]) async throws {
    if let meanwhile = await loss.take() {
      try await meanwhile()
      throw CoordinationError(.outcomeUnknown, message: "the answer is lost")
    }
    try await session.transaction(changes)
  }

  func read(_ path: NodePath) async throws -> Node? { try await session.read(path) }
  func children(of path: NodePath) async throws -> [String]? { try await session.children(of: path) }
  func synchronize() async throws { try await session.synchronize() }
  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> { session.watch(path) }
  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    session.watchChildren(of: path)
  }
  func ended() async { await session.ended() }
  func close() async { await session.close() }
}
