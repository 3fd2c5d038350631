import Model
import TestProxy
import TestStores
import Testing

@Suite("Connections are lost just when they matter", .serialized, .timeLimit(.minutes(40)))
struct UnknownOutcomeTrials {
  @Test(
    "F12: the connection is lost before or after a transaction is made, of every kind",
    .enabled(if: Trials.pairs.contains { $0.hasSessionTimeout }))
  func unknownOutcome() async throws {
    let goal = Trials.isLong ? 10_000 : 300
    try await Trial.run("F12 unknown outcomes", on: .cluster, planned: goal) { trial in
      let faults = TransactionFaults(goal, seed: Trials.seed)
      try await Proxies.with { proxies in
        try await Site.open(.cluster, for: trial, in: proxies.surroundings) { site in
          let stage = try await Stage.set(site, slots: 4)
          try await stage.enterMissing()
          try await site.defineCountingJob("count")
          for proxy in proxies.all { proxy.injectFaults { faults.next($0) } }
          try await play(stage, on: site, with: faults)
          faults.stop()
          trial.injected(faults.injected)
        }
      }
      judge(faults.kinds, trial)
    }
  }

  /// Plays all acts at least once, and builds go on beside them, until there were faults enough.
  private func play(_ stage: Stage, on site: Site, with faults: TransactionFaults) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { try await keepBuilding(site, until: faults) } }
      group.addTask {
        repeat {
          for act in Act.allCases where act != .arrival { try await stage.play(act) }
        } while !faults.isEnough
      }
      try await group.waitForAll()
    }
  }

  private func keepBuilding(_ site: Site, until faults: TransactionFaults) async throws {
    var told = 0
    while !faults.isEnough {
      let view = try await site.end(of: try await site.start("count"))
      #expect(view.verdict == .succeeded, "\(view)")
      guard faults.injected / 500 > told else { continue }
      told = faults.injected / 500
      say("progress: F12: \(faults.injected)")
    }
  }

  private func judge(_ kinds: [String: Int], _ trial: Trial) {
    let both = kinds.values.count { $0 == 2 }
    let any = kinds.values.count { $0 > 0 }
    say("measured: F12 \(any) of \(kinds.count) kinds of transaction were lost, \(both) of them in both ways")
    for (kind, ways) in kinds.sorted(by: { $0.key < $1.key }) where ways < 2 { say("F12 \(ways) of 2 ways: \(kind)") }
    // One that is rare may come only once, as when the stores are made.
    if any < kinds.count || both * 2 < kinds.count { trial.violates("\(any) of \(kinds.count) kinds were lost") }
  }
}
