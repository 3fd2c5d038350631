import Coordination
import Model
import SharedRepository
import Testing
import Workers

extension WorkerConfiguration {
  static let forTests = WorkerConfiguration()
}

extension Workshop {
  /// Waits until so many slots are parked.
  func waitUntilParked(_ count: Int) async throws {
    while true {
      var parked = 0
      for kind in TaskKind.allCases {
        for labels in try await repository.session.children(of: NodeMap.idle(kind)) ?? [] {
          parked += try await repository.session.children(of: NodeMap.idle(kind) / labels)?.count ?? 0
        }
      }
      if parked == count { return }
      await Task.yield()
    }
  }

  /// The independent checker: no build runs, no ticket waits, no worker and no slot is there.
  func expectNothingLeft() async throws {
    for list in [NodeMap.workers, NodeMap.slots] {
      #expect(try await repository.session.children(of: list) == [])
    }
    #expect(try await repository.queuedTickets(limit: 1).isEmpty)
    for job in try await repository.session.children(of: NodeMap.builds) ?? [] {
      for bucket in try await repository.session.children(of: NodeMap.builds / job) ?? [] {
        #expect(try await repository.session.children(of: NodeMap.builds / job / bucket) == [])
      }
    }
  }
}
