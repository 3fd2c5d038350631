import Coordination
import Model
import SharedRepository
import Testing
import Workers

extension WorkerConfiguration {
  static let forTests = WorkerConfiguration(scratchDirectory: "/nonexistent", cacheDirectory: "/nonexistent")
}

extension Workshop {
  /// Waits until one slot of build-control and one of execute-shell are parked, and nothing else is.
  func waitUntilBothAreParked() async throws {
    let lists = [TaskKind.buildControl, .executeShell].map { NodeMap.idle(QueueClass(kind: $0, labels: [])) }
    try await waitForChange(lists) {
      try await lists.asyncAllSatisfy { try await self.observer.session.children(of: $0)?.count == 1 }
    }
  }

  /// The independent checker: no build runs, no ticket waits, no worker and no slot is there.
  func expectNothingLeft() async throws {
    for list in [NodeMap.workers, NodeMap.slots] {
      #expect(try await observer.session.children(of: list) == [])
    }
    #expect(try await observer.queuedTickets(limit: 1).isEmpty)
    for job in try await observer.session.children(of: NodeMap.builds) ?? [] {
      for bucket in try await observer.session.children(of: NodeMap.builds / job) ?? [] {
        #expect(try await observer.session.children(of: NodeMap.builds / job / bucket) == [])
      }
    }
  }
}

extension Sequence {
  fileprivate func asyncAllSatisfy(_ condition: (Element) async throws -> Bool) async rethrows -> Bool {
    for element in self where try await !condition(element) { return false }
    return true
  }
}
