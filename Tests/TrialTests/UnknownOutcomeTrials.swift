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
          let stage = try await Stage.set(site, for: .worker(.executeShell), slots: 4)
          try await site.defineCountingJob("count")
          for proxy in proxies.all { proxy.injectFaults { faults.next($0) } }
          try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await keepBuilding(site, until: faults) } }
            group.addTask { try await play(stage, until: faults) }
            try await group.waitForAll()
          }
          for proxy in proxies.all { proxy.injectFaults { _ in .none } }
          trial.injected(faults.injected)
        }
      }
      let kinds = faults.kinds
      for (kind, ways) in kinds.sorted(by: { $0.key < $1.key }) where ways < 2 {
        say("measured: F12 a transaction that was lost in \(ways) of 2 ways: \(kind)")
      }
      say("measured: F12 \(kinds.count) kinds of transaction, \(kinds.values.count { $0 == 2 }) of them in both ways")
      if kinds.values.count(where: { $0 == 2 }) * 2 < kinds.count { trial.violates("most kinds were not lost") }
    }
  }

  private func keepBuilding(_ site: Site, until faults: TransactionFaults) async throws {
    var last = 0
    while !faults.isDone {
      let view = try await site.end(of: try await site.start("count"))
      #expect(view.verdict == .succeeded, "\(view)")
      if faults.injected / 500 > last {
        last = faults.injected / 500
        say("progress: F12: \(faults.injected)")
      }
    }
  }

  private func play(_ stage: Stage, until faults: TransactionFaults) async throws {
    repeat {
      for act in Act.allCases where act != .arrival { try await stage.play(act) }
    } while !faults.isDone
  }
}
