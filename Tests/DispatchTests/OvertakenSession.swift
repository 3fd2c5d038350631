import Coordination

/// A session in which somebody else is always a little quicker: the first node that is read below a path has just been
/// deleted.
final class OvertakenSession: CoordinationSession {
  private let session: any CoordinationSession
  private let path: NodePath
  private let rival: Rival

  private actor Rival {
    private var hasTaken = false

    func takes() -> Bool {
      defer { hasTaken = true }
      return !hasTaken
    }
  }

  init(_ session: any CoordinationSession, below path: NodePath) {
    self.session = session
    self.path = path
    rival = Rival()
  }

  var id: SessionID { session.id }
  var timeout: Duration { session.timeout }

  func read(_ path: NodePath) async throws -> Node? {
    if path.string.hasPrefix(self.path.string), await rival.takes() { try await session.delete(path) }
    return try await session.read(path)
  }

  func children(of path: NodePath) async throws -> [String]? { try await session.children(of: path) }
  func transaction(_ changes: [Change]) async throws { try await session.transaction(changes) }
  func synchronize() async throws { try await session.synchronize() }
  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> { session.watch(path) }
  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    session.watchChildren(of: path)
  }
  func ended() async { await session.ended() }
  func close() async { await session.close() }
}
