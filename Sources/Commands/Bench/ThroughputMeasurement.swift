import Coordination
import Measurement
import Model
import ObjectStorage

/// How many builds of one silent task come to their end in a second, beside a bare loop.
struct ThroughputMeasurement: Sendable {
  let bench: Bench

  /// Tasks that run at a time, and lanes of the bare loop.
  private static let concurrency = 8
  /// Triggers under way at a time.
  private static let triggers = 16

  func run(into report: inout BenchReport) async throws {
    for count in bench.scale.throughput {
      let loops = min(count, bench.scale.throughput[0])
      let (figures, processes) = try await builds(count)
      try await bench.progress.say("throughput: a bare loop of \(loops)")
      let loop = try await bareLoop(loops, as: figures.cost)
      let bare = Double(loops) / loop.time * 1_000
      report.figures.append(
        BenchFigure(
          .throughput, "\(count) builds", figures.rate, "/s", primitive: bare, target: .ratioAtLeast(0.6)))
      // CPU time comes in ticks of 10 ms, so that of few builds nothing may seem to be ours.
      let ours = max(figures.cpu - loop.command, 0)
      report.figures.append(
        BenchFigure(.throughput, "\(count) builds: our CPU a build", ours, "ms", target: .figureAtMost(3)))
      report.figures.append(BenchFigure(.throughput, "\(count) builds: CPU of its command", loop.command, "ms"))
      report.figures += figures.cost.figures(.throughput)
      report.processes += processes
    }
  }

  private func builds(
    _ count: Int
  ) async throws -> (figures: (rate: Double, cpu: Double, cost: BenchCost), processes: [BenchReport.Process]) {
    try await bench.withSystem(shells: Self.concurrency) { system in
      try await bench.progress.say("throughput: \(count) builds")
      _ = try await bench.stage.stamps.stamp(of: try await system.start().number)
      try await system.allEnded()
      let (counts, cpu, start) = (try await system.counts(), try system.cpu(), MonotonicTime.now)
      let numbers = try await Lanes.run(count, lanes: Self.triggers) { _, _ in try await system.start().number }
      for number in numbers { _ = try await bench.stage.stamps.stamp(of: number) }
      try await system.allEnded()
      let elapsed = MonotonicTime.milliseconds(from: start, to: MonotonicTime.now)
      let cost = BenchCost(try await system.counts() - counts, builds: count)
      let used = (try system.cpu() - cpu) / Double(count)
      return ((Double(count) / elapsed * 1_000, used, cost), try system.processes(.throughput))
    }
  }

  /// Makes as many transactions, object writes and processes as the builds did.
  ///
  /// - Returns: milliseconds: how long it took, and the CPU time of one command, which is not ours.
  private func bareLoop(_ count: Int, as cost: BenchCost) async throws -> (time: Double, command: Double) {
    try await bench.stage.stores.coordination.withSession { session in
      let root = NodePath.root / "bare-loop"
      try await session.createAll(root)
      for lane in 0..<Self.concurrency { try await session.createAll(root / String(lane)) }
      let command = [try BenchStage.program("distci-stamp"), "/dev/null", "0"]
      let (start, children) = (MonotonicTime.now, ProcessUsage.childrenMilliseconds)
      _ = try await Lanes.run(count, lanes: Self.concurrency) { lane, number in
        for _ in 0..<cost.share(\.transactions, of: number) {
          try await session.transaction(BareTransaction.changes(at: root / String(lane)))
        }
        for _ in 0..<cost.share(\.objectWrites, of: number) {
          try await bench.stage.stores.objects.update(
            ObjectKey("bare"), [IndexChange(key: String(lane), value: BareTransaction.data)])
        }
        try await BareProcess.blocking { try BareProcess.run(command) }
      }
      return (
        MonotonicTime.milliseconds(from: start, to: MonotonicTime.now),
        (ProcessUsage.childrenMilliseconds - children) / Double(count)
      )
    }
  }
}
