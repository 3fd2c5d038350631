import Coordination

/// Sessions for the length of a measurement.
enum BenchSessions {
  static func with(
    _ count: Int, of store: any CoordinationStore, _ body: ([any CoordinationSession]) async throws -> Void
  ) async throws {
    var sessions: [any CoordinationSession] = []
    let result: Result<Void, any Error>
    do {
      for _ in 0..<count { sessions.append(try await store.openSession()) }
      result = .success(try await body(sessions))
    } catch {
      result = .failure(error)
    }
    for session in sessions { await session.close() }
    try result.get()
  }
}
