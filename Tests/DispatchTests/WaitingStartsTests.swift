import Coordination
import Model
import TestStores
import Testing

@testable import SharedRepository

@Suite(.timeLimit(.minutes(1)))
struct WaitingStartsTests {
  @Test(
    "Builds that are wanted at the same time start in one transaction; one that cannot start keeps no other from it",
    arguments: StorePair.all)
  func together(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let (repository, job) = (workshop.repository, try JobName("foo"))
      // The folders are there from now on.
      _ = try await workshop.start("foo")
      let before = workshop.coordination.counts
      let requests =
        [StartRequest(job: job, parameters: ["unknown": "1"])] + (0..<5).map { _ in StartRequest(job: job) }
      let numbers = try await withThrowingTaskGroup(of: Int?.self) { group in
        try await repository.turns.withTurn(of: [job]) {
          for request in requests { group.addTask { try await Self.number(request, in: repository) } }
          while repository.waitingStarts.count(of: job) < requests.count { await Task.yield() }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(numbers.compactMap(\.self).sorted() == [2, 3, 4, 5, 6])
      #expect((workshop.coordination.counts - before).transactions == 1)
      #expect(repository.waitingStarts.count(of: job) == 0)
    }
  }

  /// - Returns: `nil` when it is refused as invalid.
  private static func number(_ request: StartRequest, in repository: SharedRepository) async throws -> Int? {
    do {
      return try await repository.start(request).number
    } catch let error as RepositoryError where error.code == .invalid {
      return nil
    }
  }
}
