package import Coordination

/// The seat that a worker fills, and the pool that holds it. A worker takes tickets for as long as that is so.
package struct HeldSeat: Hashable, Sendable {
  package var seat: SeatID
  /// The pool's name in the session in which it took the seat.
  package var pool: String

  package init(_ seat: SeatID, pool: String) {
    self.seat = seat
    self.pool = pool
  }

  /// Returns when the pool holds the seat no longer.
  func lost(_ session: any CoordinationSession) async throws {
    for try await node in session.watch(NodeMap.seat(seat)) {
      guard let node, try SeatRecord.decode(node).pool == pool else { return }
    }
    try Task.checkCancellation()
  }
}
