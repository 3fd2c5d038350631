import Coordination
import Measurement
import Model
import SharedRepository

/// Many tickets that are posted at once, for as many parked slots.
struct BurstMeasurement: Sendable {
  let bench: Bench

  private static let sessions = 5
  /// Tickets of one transaction: what fits in it.
  private static let posting = 50

  func run(into report: inout BenchReport) async throws {
    let count = bench.scale.burst
    try await bench.progress.say("burst: \(count) tickets for \(count) parked slots")
    let counted = CountingCoordinationStore(bench.stage.stores.coordination)
    try await BenchSessions.with(Self.sessions, of: counted) { sessions in
      try await bench.stage.stores.coordination.withSession { poster in
        try await bench.stage.repository(poster).open()
        let bare = try await bareBurst(count, sessions, poster)
        let (burst, events) = try await burst(count, sessions, poster) { counted.counts.watchEvents }
        report.figures += [
          BenchFigure(
            .burst, "\(count) tickets, all of them taken", burst.percentile(1) ?? 0, "ms", primitive: bare.percentile(1)
          ),
          BenchFigure(
            .burst, "\(count) tickets, half of them taken", burst.median ?? 0, "ms", primitive: bare.median),
          BenchFigure(.burst, "watch events a ticket", Double(events) / Double(count), "", target: .figureAtMost(1)),
        ]
      }
    }
  }

  /// Parks slots, posts a ticket for each, and waits until each has seen its own.
  ///
  /// - Returns: milliseconds from the beginning to each slot's ticket; and how many events that took in all.
  private func burst(
    _ count: Int, _ sessions: [any CoordinationSession], _ posterSession: any CoordinationSession,
    events: () -> Int
  ) async throws -> (Distribution, events: Int) {
    let tickets = try BenchTickets("burst")
    try await tickets.createBuilds(for: count, posterSession)
    var slots: [(Slot, any CoordinationSession)] = []
    for (index, session) in sessions.enumerated() {
      let share = count / sessions.count + (index < count % sessions.count ? 1 : 0)
      for slot in try await tickets.slots(share, session) {
        try await slot.park(0)
        slots.append((slot, session))
      }
    }
    let paths = slots.map { ($0.0.path, $0.1) }
    var before = 0
    let seen = try await Watched.run(paths) {
      before = events()
      let poster = TicketPoster(session: posterSession, now: { .now })
      for start in stride(from: 0, to: count, by: Self.posting) {
        try await poster.post((start..<min(start + Self.posting, count)).map { tickets[$0] }) { false }
      }
    }
    return (seen, events() - before)
  }

  /// The same with nodes that are nothing but watched.
  private func bareBurst(
    _ count: Int, _ sessions: [any CoordinationSession], _ writer: any CoordinationSession
  ) async throws -> Distribution {
    let root = NodePath.root / "bare-burst"
    try await writer.createAll(root)
    let nodes = (0..<count).map { root / String($0) }
    for start in stride(from: 0, to: count, by: 100) {
      try await writer.transaction(nodes[start..<min(start + 100, count)].map { .create($0, [], .persistent) })
    }
    return try await Watched.run(nodes.enumerated().map { ($1, sessions[$0 % sessions.count]) }) {
      for start in stride(from: 0, to: count, by: Self.posting) {
        let some = nodes[start..<min(start + Self.posting, count)]
        try await writer.transaction(some.flatMap { BareTransaction.changes(at: $0) })
      }
    }
  }
}
