import Coordination
import Model

/// Works on the tickets of one kind.
protocol SlotWorker: Sendable {
  /// Works on the ticket that the slot holds, and finishes the claim.
  ///
  /// - Parameters:
  ///   - next: asked when the claim is about to be finished: what the slot does then.
  ///   - stop: tells that the work must stop.
  /// - Returns: the slot's state after the claim was finished.
  /// - Throws: ``ClaimLost``; an error of the store that leaves the claim to recovery.
  func work(
    _ held: SlotState, in slot: Slot, then next: @Sendable () -> AfterFinish, stop: WorkStop
  ) async throws -> SlotState
}
