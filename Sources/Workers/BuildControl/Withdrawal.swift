import Coordination
import Model
import SharedRepository

/// Takes back the ticket of an attempt: out of its queue, or by a word to the worker that has it.
struct Withdrawal: Sendable {
  let repository: SharedRepository
  let plan: Plan
  let state: BuildState

  /// - Returns: the changes, and the outcome of an attempt that nobody had begun; `nil` when the slot that had the ticket
  ///   has moved on in the meantime, so that the build must be read again.
  func changes(task: Int, attempt: Int) async throws -> ([Change], AttemptOutcome?)? {
    let build = plan.request.build
    let by = state.cancelled?.by ?? "nobody"
    // A ticket only ever moves from its queue into a slot and out of it, so in this order it cannot be missed.
    if let entry = try await repository.queueEntry(
      of: .attempt(task, attempt, plan, state, at: repository.now()))
    {
      let now = repository.now()
      let outcome = AttemptOutcome(
        task: task, attempt: attempt, token: "none", worker: "", verdict: .cancelled, message: "cancelled by \(by)",
        started: now, finished: now)
      return ([.delete(entry, expecting: nil)], outcome)
    }
    guard let claim = try await repository.session.read(NodeMap.claim(of: build, ticket: "t\(task)a\(attempt)")) else {
      // The attempt is over: the news of its end is on its way.
      return ([], nil)
    }
    return try await notice(JSONBytes.decode(ClaimRecord.self, from: claim.data), by: by).map { ([$0], nil) }
  }

  private func notice(_ claim: ClaimRecord, by: String) async throws -> Change? {
    let path = NodeMap.slot(claim.slotID)
    guard let node = try await repository.session.read(path), var record = try SlotRecord.decode(node),
      record.token == claim.token
    else { return nil }
    record.cancelledBy = by
    return .write(path, try JSONBytes.encode(record), expecting: node.version)
  }
}
