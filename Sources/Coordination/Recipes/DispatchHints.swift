import Model
import Synchronization

/// What a process remembers of the lists that posters and claimers share, so that the cost of a ticket does not grow with
/// them. All of it may be out of date and is validated by the transaction that uses it; "nobody waits" and "nothing is
/// queued" are never answered from here, only by a read. One for each process and store, whatever the number of sessions.
package final class DispatchHints: Sendable {
  let randomness: Randomness
  private let state = Mutex(State())

  private struct State {
    var idle: [QueueClass: IdleHints] = [:]
    var heads: [NodePath: HeadHints] = [:]
    var removing: Set<NodePath> = []
    var tickets = WrittenValues<Ticket>()
    var claims = WrittenValues<SlotRecord>()
  }

  /// Of classes, and of paths. When there are more, all are forgotten: nothing is lost but time.
  private static let most = 1_000

  package init(randomness: Randomness = Randomness()) {
    self.randomness = randomness
  }

  func withIdle<Result>(_ queue: QueueClass, _ body: (inout IdleHints) -> Result) -> Result {
    state.withLock { state in
      if state.idle.count >= Self.most { state.idle.removeAll() }
      return body(&state.idle[queue, default: IdleHints()])
    }
  }

  func withHead<Result>(_ queue: NodePath, _ body: (inout HeadHints) -> Result) -> Result {
    state.withLock { state in
      if state.heads.count >= Self.most { state.heads.removeAll() }
      return body(&state.heads[queue, default: HeadHints()])
    }
  }

  func withTickets<Result>(_ body: (inout WrittenValues<Ticket>) -> Result) -> Result {
    state.withLock { body(&$0.tickets) }
  }

  func withClaims<Result>(_ body: (inout WrittenValues<SlotRecord>) -> Result) -> Result {
    state.withLock { body(&$0.claims) }
  }

  /// Calls the body unless another claimer of this process removes the same empty folder: many find it at the same time.
  func removing(_ folder: NodePath, _ body: () async throws -> Void) async throws {
    guard state.withLock({ $0.removing.insert(folder).inserted }) else { return }
    defer { _ = state.withLock { $0.removing.remove(folder) } }
    try await body()
  }
}
