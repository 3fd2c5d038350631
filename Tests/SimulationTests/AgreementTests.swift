import Coordination
import Foundation
import ObjectStorage
import Simulation
import TestStores
import Testing

/// What the simulated store says of itself is only worth something if the real ones say the same.
@Suite(.timeLimit(.minutes(10)))
struct AgreementTests {
  /// Several at a time, each in stores of its own, since most of the time is spent on waiting for servers.
  private static let lanes = 25
  private static let operations = 4_000
  /// A lane whose server's answer is lost on the way begins another history.
  private static let mostHistories = 10

  @Test(arguments: StorePair.all)
  func `the simulated store does what the real ones do`(_ pair: StorePair) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in 0..<Self.lanes { group.addTask { try await compare(pair, lane: lane) } }
      try await group.waitForAll()
    }
  }

  private func compare(_ pair: StorePair, lane: Int) async throws {
    var codes: Set<CoordinationError.Code?> = []
    var compared = 0
    for history in 0..<Self.mostHistories where compared < Self.operations {
      let (count, met) = try await compare(
        pair, seed: UInt64(lane + history * Self.lanes), Self.operations - compared)
      compared += count
      codes.formUnion(met)
    }
    #expect(compared == Self.operations, "the server's answers were lost again and again")
    #expect(codes.count >= 6, "the histories should meet every outcome: \(codes)")
  }

  private func compare(
    _ pair: StorePair, seed: UInt64, _ count: Int
  ) async throws -> (Int, Set<CoordinationError.Code?>) {
    let place = try pair.place("agreement-\(UUID().uuidString.lowercased())")
    // For the pair whose stores are files in it.
    try await place.openObjects().close()
    let ensemble = Ensemble(World(seed: 1, isImmediate: true), network: .immediate)
    var history = try await TwinHistory(
      seed: seed, simulated: ensemble.store(for: ensemble.world.process("test")), real: place.openCoordination())
    let compared = try await history.run(count)
    await history.close()
    try await place.remove()
    return (compared, history.codes)
  }
}
