import Coordination
import Foundation
import Simulation
import TestStores
import Testing

/// What the simulated store says of itself is only worth something if the real ones say the same.
@Suite(.timeLimit(.minutes(10)))
struct AgreementTests {
  /// Several at a time, each in stores of its own, since most of the time is spent on waiting for servers.
  private static let lanes = 10
  private static let operations = 10_000

  @Test(arguments: StorePair.all)
  func `the simulated store does what the real ones do`(_ pair: StorePair) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in 0..<AgreementTests.lanes {
        group.addTask {
          let place = try pair.place("agreement-\(UUID().uuidString.lowercased())")
          let ensemble = Ensemble(World(seed: 1, isImmediate: true), network: .immediate)
          var history = try await TwinHistory(
            seed: UInt64(lane), simulated: ensemble.store(for: ensemble.world.process("test")),
            real: place.openCoordination())
          try await history.run(AgreementTests.operations)
          await history.close()
          #expect(history.codes.count >= 6, "the history should meet every outcome: \(history.codes)")
          try await place.remove()
        }
      }
      try await group.waitForAll()
    }
  }
}
