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
      let (victim, build) = try await hold(try #require(workers[kind]), site)
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
      let (victim, build) = try await hold(try #require(workers[kind]), site)
      try await site.worker(kind)
      try await victim.kill()
      let killed = ContinuousClock.now
      try await site.chainEnds(build)
      report("F1 replaced \(kind.rawValue) on \(pair): green after", killed)
    }
  }

  /// Freezes a worker and starts the chain, so that it surely holds a ticket when it is killed.
  private func hold(_ victim: DistCIProcess, _ site: Site) async throws -> (DistCIProcess, BuildID) {
    let repository = try await site.defineChain()
    try await victim.freeze()
    let build = try await site.start("library", parameters: ["repository": repository.url])
    try await site.isBusy(victim)
    return (victim, build)
  }
}
