import Coordination

/// The store as one process has it.
struct SimulatedStore: CoordinationStore {
  let ensemble: Ensemble
  let process: SimulatedProcess

  /// Microseconds until a store that does not answer counts as unavailable.
  private static let patience = 10_000_000

  func openSession() async throws -> any CoordinationSession {
    let session = ensemble.open(for: process)
    session.tryAgain()
    session.giveUp(after: SimulatedStore.patience)
    ensemble.world.pump()
    try await session.opened()
    return session
  }
}
