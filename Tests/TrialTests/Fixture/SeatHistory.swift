import Coordination
import Foundation
import Model
import Synchronization
import TestStores

/// Who ran which seat, as it came about: watches the workers of a site and notes every seat that two of them fill at once.
final class SeatHistory: Sendable {
  private struct State {
    /// Every worker that was ever seen in a seat.
    var workers: [WorkerID: WorkerRecord] = [:]
    var doubles: [String] = []
  }

  private let state = Mutex(State())

  /// Every worker that was ever seen in a seat, by its seat.
  var workers: [String: Set<WorkerID>] {
    state.withLock { state in
      state.workers.reduce(into: [:]) { $0[$1.value.seat ?? "", default: []].insert($1.key) }
    }
  }

  /// What should not have been seen.
  var doubles: [String] { state.withLock { $0.doubles } }

  /// Looks on while `body` runs.
  static func during(
    _ site: Site, _ body: @escaping @Sendable (SeatHistory) async throws -> Void
  ) async throws {
    let history = SeatHistory()
    try await site.stores.openCoordination().withSession { session in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await WorkerChanges(session: session).forEach { _ in
            let workers = try await session.entries(inBucketsOf: NodeMap.workers)
            try await history.note(workers.map { WorkerID(rawValue: $0.name) }, session)
          }
        }
        defer { group.cancelAll() }
        try await body(history)
      }
    }
  }

  private func note(_ names: [WorkerID], _ session: any CoordinationSession) async throws {
    var filling: [String: WorkerID] = [:]
    for worker in names {
      guard let seat = try await seatTaken(by: worker, session) else { continue }
      guard let other = filling.updateValue(worker, forKey: seat) else { continue }
      // The first may have gone or drained before the second came. It has not when it is still there now.
      if try await seatTaken(by: other, session) != nil, try await seatTaken(by: worker, session) != nil {
        state.withLock { $0.doubles.append("\(seat): \(other) and \(worker)") }
      }
    }
  }

  /// The seat of a worker that is alive and takes tickets.
  private func seatTaken(by worker: WorkerID, _ session: any CoordinationSession) async throws -> String? {
    guard let node = try await session.read(NodeMap.worker(worker)) else { return nil }
    let record = try JSONBytes.decode(WorkerRecord.self, from: node.data)
    guard let seat = record.seat else { return nil }
    state.withLock { $0.workers[worker] = record }
    return record.draining ? nil : seat
  }
}
