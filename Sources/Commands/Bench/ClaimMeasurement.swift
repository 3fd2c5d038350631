import Coordination
import Measurement
import Model
import SharedRepository

/// How many tickets a slot takes from its queue in a second, at different depths of the queue. Each claim ends the one
/// before in the same transaction, as it does while a queue is worked off.
struct ClaimMeasurement: Sendable {
  let bench: Bench

  /// Tickets of one posting.
  private static let posting = 100

  /// A queue at its depth, and the slot that takes from it.
  private struct Depth {
    let depth: Int
    let tickets: BenchTickets
    let slot: Slot
    var state: SlotState
    var posted: Int
    var milliseconds: [Double] = []
  }

  func run(into report: inout BenchReport) async throws {
    // A worker has one session.
    try await BenchSessions.with(bench.scale.depths.count, of: bench.stage.stores.coordination) { sessions in
      let session = sessions[0]
      try await bench.stage.repository(session).open()
      var depths: [Depth] = []
      for (depth, own) in zip(bench.scale.depths, sessions) { depths.append(try await fill(depth, own)) }
      var bare: [Double] = []
      for round in 0..<bench.scale.rounds {
        try await bench.progress.say("claims: round \(round + 1) of \(bench.scale.rounds)")
        for index in depths.indices { try await claim(&depths[index], session) }
        bare += try await bareTransactions(session)
      }
      report.figures += figures(depths, bare)
    }
  }

  private func figures(_ depths: [Depth], _ bare: [Double]) -> [BenchFigure] {
    let rates = depths.map { rate($0.milliseconds) }
    var figures = zip(depths, rates).map { depth, rate in
      BenchFigure(.claims, "claims at depth \(depth.depth)", rate, "/s", primitive: self.rate(bare))
    }
    if let first = rates.first, let last = rates.last, let deepest = depths.last {
      figures.append(
        BenchFigure(
          .claims, "depth \(deepest.depth) beside depth \(depths[0].depth)", last, "/s", primitive: first,
          target: .ratioAtLeast(0.95)))
    }
    return figures
  }

  private func rate(_ milliseconds: [Double]) -> Double {
    Double(milliseconds.count) / milliseconds.reduce(0, +) * 1_000
  }

  private func fill(_ depth: Int, _ session: any CoordinationSession) async throws -> Depth {
    let tickets = try BenchTickets("depth-\(depth)")
    let spare = bench.scale.rounds * bench.scale.claims + 2
    try await tickets.createBuilds(for: depth + spare, session)
    let poster = TicketPoster(session: session, now: { .now })
    for start in stride(from: 0, to: depth + 1, by: Self.posting) {
      if start % 10_000 == 0 { try await bench.progress.say("claims: \(start) of \(depth) tickets are posted") }
      try await poster.post((start..<min(start + Self.posting, depth + 1)).map { tickets[$0] }) { false }
    }
    let slot = try await tickets.slots(1, session)[0]
    try await slot.park(0)
    guard let state = try await slot.claimFromQueue(0) else {
      throw MeasurementError("a queue of \(depth) tickets has none to give")
    }
    return Depth(depth: depth, tickets: tickets, slot: slot, state: state, posted: depth + 1)
  }

  /// Takes ticket after ticket, and posts another one for each, which is not timed.
  private func claim(_ depth: inout Depth, _ session: any CoordinationSession) async throws {
    let poster = TicketPoster(session: session, now: { .now })
    for _ in 0..<bench.scale.claims {
      let start = MonotonicTime.now
      depth.state = try await depth.slot.finish(depth.state, then: .takeNext)
      depth.milliseconds.append(MonotonicTime.milliseconds(from: start, to: MonotonicTime.now))
      guard depth.state.record != nil else { throw MeasurementError("the queue of \(depth.depth) ran empty") }
      try await poster.post([depth.tickets[depth.posted]]) { false }
      depth.posted += 1
    }
  }

  private func bareTransactions(_ session: any CoordinationSession) async throws -> [Double] {
    let node = NodePath.root / "bare-claim"
    try await session.createAll(node)
    var milliseconds: [Double] = []
    for _ in 0..<bench.scale.claims {
      let start = MonotonicTime.now
      try await session.transaction(BareTransaction.changes(at: node))
      milliseconds.append(MonotonicTime.milliseconds(from: start, to: MonotonicTime.now))
    }
    return milliseconds
  }
}
