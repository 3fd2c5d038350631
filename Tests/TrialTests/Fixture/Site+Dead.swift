import Coordination
import Model
import TestStores
import Testing

extension Site {
  /// Waits until nobody takes a worker for alive, and what it held was given back.
  func forgets(_ worker: DistCIProcess) async throws {
    try await stores.look { session in
      try await eventually("what \(worker) held is given back") {
        // Slots first: a worker that appears in between is then in the second list.
        let holding = try await session.entries(inBucketsOf: NodeMap.slots).map(\.name)
        let alive = try await Membership.workers(session)
        guard !alive.contains(where: { $0.1.process == Int(worker.pid) }) else { return false }
        return Set(alive.map(\.0.rawValue)).isSuperset(of: holding)
      }
    }
  }
}
