import Coordination
import TestStores

extension StorePair.Place {
  /// Looks into the coordination store itself. On a machine so busy that the onlooker's own session ends, it looks again.
  func look<Result: Sendable>(
    _ body: (any CoordinationSession) async throws -> Result
  ) async throws -> Result {
    for _ in 0..<5 {
      do {
        return try await openCoordination().withSession { try await body(UpToDateSession($0)) }
      } catch let error as CoordinationError where error.code == .sessionEnded {
        say("trials: an onlooker's session ended; it looks again")
      }
    }
    return try await openCoordination().withSession { try await body(UpToDateSession($0)) }
  }
}
