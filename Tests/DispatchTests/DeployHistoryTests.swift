import Model
import TestStores
import Testing

@testable import SharedRepository

/// What was deployed, as history keeps it.
struct DeployHistoryTests {
  @Test(
    "A deploy stands once in history, however often and in whatever order its end was noted, and as what it came to",
    arguments: StorePair.all)
  func once(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let stage = try DeployTarget("stage")
      let repository = workshop.repository
      #expect(try await repository.register(stage) == 1)
      func deploy(_ position: Int, _ failure: Verdict?) throws -> StoredDeploy {
        StoredDeploy(
          build: BuildID(job: try JobName("foo"), number: position), task: try TaskName("ship"), failure: failure,
          position: position, since: Timestamp(milliseconds: 1), cause: .request)
      }
      // Each of these steps may have been tried by several workers, of which one stored what came of it.
      let notes: [(Int, Verdict?)] = [
        (1, .errored), (1, nil), (1, nil), (1, .errored), (2, .failed), (2, .failed), (3, nil), (3, .cancelled),
      ]
      for (position, failure) in notes { try await repository.record(try deploy(position, failure), at: stage) }
      let view = try await repository.environment(stage, history: 10)
      #expect(view.history?.map(\.build) == [3, 2, 1] && view.live?.build == 3)
      #expect(view.history?.map(\.verdict) == [.succeeded, .failed, .succeeded])
      #expect(try await repository.register(stage) == 4)
    }
  }
}
