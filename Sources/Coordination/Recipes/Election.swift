/// A role that one process at a time holds, for as long as its session lives.
package struct Election: Sendable {
  private let session: any CoordinationSession
  private let path: NodePath
  private let holder: String

  package init(session: any CoordinationSession, role: String, holder: String) {
    self.session = session
    self.holder = holder
    path = NodeMap.role(role)
  }

  /// Waits until the role is free, takes it, and runs `body` under it. The role is given up when `body` ends.
  package func hold(_ body: () async throws -> Void) async throws {
    try await session.createAll(NodeMap.roles)
    while try await !take() {
      // A watch that begins now sees the present: a holder that came and went in between is not waited for.
      for try await node in session.watch(path) where node == nil { break }
      try Task.checkCancellation()
    }
    do {
      try await body()
    } catch {
      try? await session.delete(path)
      throw error
    }
    try await session.delete(path)
  }

  /// Whether the role is ours now.
  private func take() async throws -> Bool {
    do {
      try await session.commit([.create(path, Array(holder.utf8), .session)]) {
        try await session.read(path)?.owner == session.id
      }
      return true
    } catch let error as CoordinationError where error.code == .nodeExists {
      return try await session.read(path)?.owner == session.id
    }
  }
}
