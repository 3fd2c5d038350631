import Coordination
import Measurement
import Model
import SharedRepository

/// From a trigger to the first instruction of the build's command, beside bare roads.
struct LatencyMeasurement: Sendable {
  let bench: Bench

  /// So that the stamps of the bare road are told from those of builds.
  private static let bareNumbers = 1_000_000_000

  func run(into report: inout BenchReport) async throws {
    let road = try await road()
    do {
      try await bench.withSystem(shells: 8) { system in try await measure(system, road, into: &report) }
    } catch {
      try? await road.close()
      throw error
    }
    try await road.close()
  }

  private func road() async throws -> any BareRoad {
    let stage = bench.stage
    let command = [try BenchStage.program("distci-stamp"), stage.stamps.path]
    if stage.coordinationURL.hasPrefix("sqlite:") {
      return try CommitRoad(path: "\(stage.folder)/bare.sqlite", command: command)
    }
    return try await ChainRoad(store: stage.stores.coordination, root: .root / "bare-road", lanes: 32, command: command)
  }

  private func measure(_ system: BenchSystem, _ road: any BareRoad, into report: inout BenchReport) async throws {
    try await warmUp(system, road)
    let before = try await system.counts()
    var (builds, bare, least) = (Distribution([]), Distribution([]), Distribution([]))
    for round in 0..<bench.scale.rounds {
      try await bench.progress.say("latency: round \(round + 1) of \(bench.scale.rounds)")
      let first = Self.bareNumbers + round * bench.scale.arrivals
      bare = bare + (try await loop(round).run { try await go(road, first + $0, hops: 2) })
      let second = first + bench.scale.rounds * bench.scale.arrivals
      least = least + (try await loop(round).run { try await go(road, second + $0, hops: 1) })
      builds = builds + (try await loop(round).run { _ in try await system.start().number })
      try await system.allEnded()
    }
    let cost = try await system.counts() - before
    let isChain = road is ChainRoad
    let name = "trigger to first instruction, "
    report.figures += [(0.5, "p50", isChain ? 1.5 : 2.0), (0.99, "p99", 5.0)].compactMap { share, label, target in
      builds.percentile(share).map {
        BenchFigure(
          .latency, name + label, $0, "ms", primitive: bare.percentile(share), target: .ratioAtMost(target))
      }
    }
    if let median = builds.percentile(0.5) {
      report.figures.append(
        BenchFigure(
          .latency, "the same, beside a bare road of one hop", median, "ms", primitive: least.percentile(0.5)))
    }
    report.figures += BenchCost(cost, builds: builds.count).figures(.latency)
    report.processes += try system.processes(.latency)
  }

  private func warmUp(_ system: BenchSystem, _ road: any BareRoad) async throws {
    try await bench.progress.say("latency: warming up")
    for number in 0..<bench.scale.warmUp {
      _ = try await bench.stage.stamps.stamp(of: try await go(road, 2 * Self.bareNumbers + number, hops: 2))
      _ = try await bench.stage.stamps.stamp(of: try await system.start().number)
    }
    try await system.allEnded()
  }

  private func go(_ road: any BareRoad, _ number: Int, hops: Int) async throws -> Int {
    try await road.go(number, hops: hops)
    return number
  }

  /// All roads get the same arrivals, and other ones in each round.
  private func loop(_ round: Int) -> OpenLoop {
    var generator = SeededGenerator(seed: UInt64(round))
    let schedule = ArrivalSchedule(
      count: bench.scale.arrivals, rate: bench.rate, gaps: bench.gaps, using: &generator)
    return OpenLoop(schedule: schedule, stamps: bench.stage.stamps)
  }
}
