import Coordination
import Logging
import Model
import SharedRepository
import Workers

/// Real workers in this very process, whose tasks are done by a closure.
enum BenchWorker {
  static func make(
    _ slots: [TaskKind: Int], labels: Set<Label> = [], _ stage: BenchStage,
    perform: @escaping @Sendable (Assignment) async throws -> Void
  ) -> Worker {
    Worker(
      WorkerOffer(host: "bench", process: 0, labels: labels, slots: slots),
      performers: [ClosurePerformer(body: perform)],
      configuration: WorkerConfiguration(
        scratchDirectory: stage.folder + "/work", cacheDirectory: stage.folder + "/cache"), logger: .silent)
  }
}

private struct ClosurePerformer: TaskPerformer {
  let kind = TaskKind.executeShell
  let body: @Sendable (Assignment) async throws -> Void

  func perform(_ assignment: Assignment) async throws -> Performance {
    try await body(assignment)
    return Performance(.succeeded)
  }
}
