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
    let by = state.cancelled?.by ?? "nobody"
    let ticket = Ticket.attempt(task, attempt, plan, state, at: repository.now())
    switch try await repository.place(of: ticket.name, of: ticket.build) {
    case .queued(let record):
      let now = repository.now()
      let outcome = AttemptOutcome(
        task: task, attempt: attempt, token: "none", worker: "", verdict: .cancelled, message: "cancelled by \(by)",
        started: now, finished: now)
      // The entry is the guard: whoever claims the ticket deletes it.
      let place = NodeMap.place(of: ticket.build, ticket: ticket.name)
      return ([.delete(record.entry, expecting: nil), .delete(place, expecting: nil)], outcome)
    case .claimed(let claim):
      return try await notice(claim, by: by).map { ([$0], nil) }
    case nil:
      // The attempt is over: the news of its end is on its way.
      return ([], nil)
    }
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
