import Model
import TestStores
import Testing

@Suite("Workers are killed with a ticket in their hands", .serialized, .timeLimit(.minutes(5)))
struct KillTrials {
  /// Every kind of worker, on both pairs of stores.
  /// The kinds that the sample chain needs.
  static let cases = StorePair.all.flatMap { pair in
    TaskKind.allCases.filter { $0 != .gitPromote }.map { (pair, $0) }
  }

  @Test("F1: a worker is killed with a ticket in its hands, and started again", arguments: cases)
  func workerRestarted(_ pair: StorePair, _ kind: TaskKind) async throws {
    try await Site.open(pair) { site in
      let workers = try await site.everything()
      let (victim, build) = try await hold(kind, try #require(workers[kind]), site)
      try await victim.kill()
      let killed = ContinuousClock.now
      try await site.worker(kind)
      try await site.chainEnds(build)
      report("F1 restarted \(kind.rawValue) on \(pair): green after", killed)
    }
  }

  @Test("F1: a worker is killed with a ticket in its hands, and another takes over", arguments: cases)
  func workerReplaced(_ pair: StorePair, _ kind: TaskKind) async throws {
    try await Site.open(pair) { site in
      let workers = try await site.everything()
      let (victim, build) = try await hold(kind, try #require(workers[kind]), site)
      try await site.worker(kind)
      try await victim.kill()
      let killed = ContinuousClock.now
      try await site.chainEnds(build)
      report("F1 replaced \(kind.rawValue) on \(pair): green after", killed)
    }
  }

  @Test("F1: what a killed worker held is taken back within its session and a second", arguments: StorePair.all)
  func retaken(_ pair: StorePair) async throws {
    let rounds = Trials.isLong ? 20 : 2
    // A session lasts for two seconds in trials; on one machine it ends with its process.
    let limit = pair.hasSessionTimeout ? Duration.seconds(3) : .seconds(1)
    try await Trial.run("F1 worker killed", on: pair, planned: rounds, limit: limit) { trial in
      try await Site.open(pair, for: trial) { site in
        _ = try await site.everything([.buildControl, .executeShell])
        for round in 1...rounds {
          try await site.worker(.executeShell)
          let gate = "foo-\(round)"
          try await site.defineCountingJob(gate, doing: site.gate(gate))
          let build = try await site.start(gate)
          try await site.arrival(at: gate)
          let holder = try await site.holder(of: build)
          let victim = try #require(site.processes.first { $0.pid == holder })
          try await victim.kill()
          let killed = ContinuousClock.now
          trial.injected()
          try await site.forgets(victim)
          trial.recovered(after: ContinuousClock.now - killed)
          try await site.arrival(at: gate, attempt: 2)
          report("F1 the ticket of a killed worker on \(pair): running elsewhere after", killed)
          try site.open(gate, attempt: 2)
          #expect(try await site.end(of: build).verdict == .succeeded)
        }
      }
    }
  }

  /// Freezes a worker and starts the chain, so that it surely holds a ticket when it is killed.
  private func hold(
    _ kind: TaskKind, _ worker: DistCIProcess, _ site: Site
  ) async throws -> (DistCIProcess, BuildID) {
    let repository = try await site.defineChain()
    var victim = worker
    while true {
      try await victim.freeze()
      let build = try await site.start("library", parameters: ["repository": repository.url])
      if try await site.isBusy(victim) { return (victim, build) }
      // The chain took longer to come to it than its session lasts: the next one tries again.
      try await victim.kill()
      victim = try await site.worker(kind)
      try await site.chainEnds(build)
    }
  }
}
