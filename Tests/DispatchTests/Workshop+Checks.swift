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
    try await waitUntilParked([.buildControl: 1, .executeShell: 1])
  }

  /// Waits until so many slots of each kind are parked, and no ticket of the kind is queued, as for the moment between a
  /// slot's parking and its look into the queues.
  func waitUntilParked(_ counts: [TaskKind: Int]) async throws {
    let session = observer.session
    for (kind, count) in counts {
      let list = NodeMap.idle(QueueClass(kind: kind, labels: []))
      while try await !isParked(count, in: list, kind) {
        let buckets = try await session.children(of: list) ?? []
        try await waitForChange([list] + buckets.map { list / $0 }) {
          // A new bucket has to be watched as well.
          if try await session.children(of: list) ?? [] != buckets { return true }
          return try await self.isParked(count, in: list, kind)
        }
      }
    }
  }

  private func isParked(_ count: Int, in list: NodePath, _ kind: TaskKind) async throws -> Bool {
    guard try await observer.session.entries(inBucketsOf: list).count == count else { return false }
    return try await observer.queuedTickets(limit: 1_000).allSatisfy { $0.kind != kind }
  }

  /// The independent checker: no build runs, no ticket waits, no worker and no slot is there. A call to a build that had
  /// ended before somebody took it, as when it was called for two reasons, counts for nothing; whoever takes it drops it.
  func expectNothingLeft() async throws {
    for list in [NodeMap.workers, NodeMap.slots] {
      #expect(try await observer.session.entries(inBucketsOf: list) == [])
    }
    let queued = try await observer.queuedTickets(limit: 1_000).filter { $0.kind != .buildControl }
    #expect(queued.isEmpty, "\(queued)")
    for job in try await observer.session.children(of: NodeMap.builds) ?? [] {
      for bucket in try await observer.session.children(of: NodeMap.builds / job) ?? [] {
        #expect(try await observer.session.children(of: NodeMap.builds / job / bucket) == [])
      }
    }
  }
}
