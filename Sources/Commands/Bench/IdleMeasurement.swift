import Coordination
import Measurement
import Model
import SharedRepository
import Workers

/// What slots cost that have nothing to do: workers of ten slots each, each with a session of its own.
struct IdleMeasurement: Sendable {
  let bench: Bench

  private static let slotsPerSession = 10
  /// Nothing is written for so long when all slots are parked.
  private static let settling = Duration.milliseconds(700)

  func run(into report: inout BenchReport) async throws {
    for count in bench.scale.idleSlots { try await measure(count, into: &report) }
  }

  private func measure(_ count: Int, into report: inout BenchReport) async throws {
    try await bench.progress.say("idle: \(count) slots are parked")
    let counted = CountingCoordinationStore(bench.stage.stores.coordination)
    let workers = (0..<count / Self.slotsPerSession).map { _ in
      BenchWorker.make([.executeShell: Self.slotsPerSession], bench.stage) { _ in }
    }
    let measured = try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      for worker in workers {
        group.addTask { try await counted.withSession { try await worker.run(bench.stage.repository($0)) } }
      }
      try await settle(counted, writes: count)
      try await bench.progress.say("idle: \(count) slots are watched")
      let (before, cpu, start) = (counted.counts, ProcessUsage.ownMilliseconds, MonotonicTime.now)
      try await Task.sleep(for: bench.scale.idleTime)
      let elapsed = MonotonicTime.milliseconds(from: start, to: MonotonicTime.now)
      let measured = (counted.counts - before, ProcessUsage.ownMilliseconds - cpu, elapsed)
      for worker in workers { worker.finish() }
      for try await _ in group {}
      return measured
    }
    let (counts, cpu, elapsed) = measured
    // The target is for the first size; that of the others grows with them.
    let share = 2.0 * Double(count) / Double(bench.scale.idleSlots[0])
    report.figures += [
      BenchFigure(
        .idle, "\(count) slots: writes", Double(counts.transactions) / elapsed * 1_000, "/s", target: .figureAtMost(0)),
      BenchFigure(.idle, "\(count) slots: reads", Double(counts.reads) / elapsed * 1_000, "/s"),
      BenchFigure(
        .idle, "\(count) slots: CPU", cpu / elapsed * 100, "% of a core", target: .figureAtMost(share)),
    ]
  }

  /// Waits until the slots have been parked: each writes at least once for that.
  private func settle(_ store: CountingCoordinationStore, writes: Int) async throws {
    var last = -1
    while true {
      let transactions = store.counts.transactions
      if transactions >= writes, transactions == last { return }
      last = transactions
      try await Task.sleep(for: Self.settling)
    }
  }
}
