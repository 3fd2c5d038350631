import Coordination
import Model
import SharedRepository

/// Takes back the ticket of an attempt: out of its queue, or by a word to the worker that has it.
struct Withdrawal: Sendable {
  let repository: SharedRepository
  let plan: Plan
  let state: BuildState

  /// - Returns: the changes, and the outcome of an attempt that nobody had begun; `nil` when the ticket was on its way from
  ///   one place to the other.
  func changes(task: Int, attempt: Int) async throws -> ([Change], AttemptOutcome?)? {
    let build = plan.request.build
    let by = state.cancelled?.by ?? "nobody"
    let name = "t\(task)a\(attempt)"
    if let claim = try await repository.session.read(NodeMap.claim(of: build, ticket: name)) {
      return try await notice(JSONBytes.decode(ClaimRecord.self, from: claim.data), by: by).map { ([$0], nil) }
    }
    guard let entry = try await repository.queueEntry(of: ticket(task, attempt)) else { return nil }
    let now = repository.now()
    let outcome = AttemptOutcome(
      task: task, attempt: attempt, token: "none", worker: "", verdict: .cancelled, message: "cancelled by \(by)",
      started: now, finished: now)
    return ([.delete(entry, expecting: nil)], outcome)
  }

  private func notice(_ claim: ClaimRecord, by: String) async throws -> Change? {
    let path = NodeMap.slot(claim.slotID)
    guard let node = try await repository.session.read(path), var record = try SlotRecord.decode(node),
      record.token == claim.token
    else { return nil }
    record.cancelledBy = by
    return .write(path, try JSONBytes.encode(record), expecting: node.version)
  }

  private func ticket(_ task: Int, _ attempt: Int) -> Ticket {
    let definition = plan.tasks[task]
    return Ticket(
      queue: QueueClass(kind: definition.work.kind, labels: definition.labels), build: plan.request.build,
      work: .attempt(TaskAttempt(request: plan.request, task: task, number: attempt, workspace: [])),
      requested: plan.request.requested, posted: repository.now(), priority: plan.request.priority)
  }
}
