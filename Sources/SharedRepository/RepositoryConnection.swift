package import Coordination
package import Model
package import ObjectStorage
import Synchronization

/// Keeps a session open for those who serve many: opens another when one has ended.
package final class RepositoryConnection: Sendable {
  private let store: any CoordinationStore
  private let objects: any ObjectStore
  private let now: @Sendable () -> Timestamp
  private let jobCache = JobCache()
  private let durationCache = DurationCache()
  private let testCache = TestCache()
  private let turns = Turns()
  private let hints: DispatchHints
  private let state = Mutex<SharedRepository?>(nil)

  package init(
    store: any CoordinationStore, objects: any ObjectStore, hints: DispatchHints = DispatchHints(),
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.hints = hints
    self.store = store
    self.objects = objects
    self.now = now
  }

  /// The repository, through a session that was alive a moment ago.
  ///
  /// - Throws: ``RepositoryError`` with `unavailable` while there is none.
  package func current() throws -> SharedRepository {
    guard let repository = state.withLock({ $0 }) else {
      throw RepositoryError(
        .unavailable, "the coordination store cannot be reached now",
        remedy: "try again in a moment; if it lasts, see whether the coordination store runs")
    }
    return repository
  }

  /// Opens a session and calls `body`, and does so again whenever the session has ended. Returns when `body` does.
  ///
  /// - Parameters:
  ///   - pause: waits before the next session is opened.
  ///   - failed: told why a session ended, or could not be opened.
  ///   - body: runs beside each session, and is cancelled when it ends.
  package func run(
    pause: @Sendable () async throws -> Void, failed: @Sendable (any Error) -> Void,
    _ body: @escaping @Sendable (SharedRepository) async throws -> Void
  ) async throws {
    while true {
      do {
        return try await store.withSession { session in
          let repository = SharedRepository(
            session: session, objects: objects, now: now, jobCache: jobCache, durationCache: durationCache,
            testCache: testCache, turns: turns, hints: hints)
          try await serve(repository, body)
        }
      } catch is CancellationError {
        throw CancellationError()
      } catch let error as RepositoryError where error.code == .conflict {
        // Stores of another format do not become ours by trying again.
        throw error
      } catch {
        failed(error)
        try await pause()
      }
    }
  }

  private func serve(
    _ repository: SharedRepository, _ body: @escaping @Sendable (SharedRepository) async throws -> Void
  ) async throws {
    try await repository.open()
    state.withLock { $0 = repository }
    defer { state.withLock { $0 = nil } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        await repository.session.ended()
        try Task.checkCancellation()
        throw CoordinationError(.sessionEnded, message: "the session ended; another one is opened")
      }
      group.addTask { try await body(repository) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
