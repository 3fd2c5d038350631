import Coordination
import Foundation
import Glibc
import Model
import TestStores
import Testing

extension ServerTrials {
  @Test("F3: the leader of ZooKeeper is killed again and again under load")
  func leaderKilled() async throws {
    let rounds = Trials.isLong ? 15 : 1
    try await Trial.run("F3 leader killed", on: .cluster, planned: rounds, limit: .seconds(5)) { trial in
      try await Harm.with { harm in
        try await Site.open(.cluster, for: trial, in: .timeout("6s")) { site in
          _ = try await site.everything([.buildControl, .executeShell], options: ["--slots", "3"])
          try await site.defineCountingJob("running", doing: site.gate("running"))
          let running = try await site.start("running")
          try await site.arrival(at: "running")
          try await Load.run(on: site, clients: 2) { load in
            for _ in 1...rounds {
              let leader = try await harm.leader()
              _ = load.takeWorstAcknowledgement()
              try await harm.run("kill", "zk", leader)
              let killed = ContinuousClock.now
              _ = try await site.start("load")
              trial.recovered(after: ContinuousClock.now - killed)
              trial.injected()
              try await load.succeeds(4)
              trial.recovered(after: load.takeWorstAcknowledgement())
              try await harm.run("start", "zk", leader)
            }
          }
          try site.open("running")
          let view = try await site.end(of: running)
          #expect(view.verdict == .succeeded && view.tasks[0].attempts.count == 1, "it went on: \(view)")
        }
      }
    }
  }

  @Test(
    "F4: the leader of ZooKeeper cannot reach its followers",
    .enabled(if: QuorumNetwork.isAllowed, "deploy/trials has a network for it"),
    arguments: QuorumNetwork.Direction.allCases)
  func leaderIsolated(_ direction: QuorumNetwork.Direction) async throws {
    let rounds = Trials.isLong ? 3 : 1
    // The timeout of a session, and two seconds.
    let limit = Duration.seconds(8)
    try await Trial.run("F4 leader, \(direction)", on: .cluster, planned: rounds, limit: limit) { trial in
      try await Harm.with { harm in
        try await Site.open(.cluster, for: trial, in: .timeout("6s")) { site in
          _ = try await site.everything([.buildControl, .executeShell], options: ["--slots", "3"])
          try await Load.run(on: site, clients: 2) { load in
            for _ in 1...rounds { try await isolateLeader(direction, harm, site, load, trial) }
          }
        }
      }
    }
  }

  private func isolateLeader(
    _ direction: QuorumNetwork.Direction, _ harm: Harm, _ site: Site, _ load: Load, _ trial: Trial
  ) async throws {
    let network = try QuorumNetwork(harm)
    let leader = try await harm.leader()
    try await network.isolate(leader: try #require(Int(leader)), direction)
    trial.injected()
    do {
      try await eventually("the others have another leader") { try await harm.leader() != leader }
      try await load.succeeds(4)
      try await network.heal()
    } catch {
      try await network.heal()
      throw error
    }
    let healed = ContinuousClock.now
    #expect(try await site.end(of: try await site.start("load")).verdict == .succeeded)
    trial.recovered(after: ContinuousClock.now - healed)
    try await harm.run("up")
  }

  @Test("F5: all sessions expire at once")
  func sessionsExpire() async throws {
    let rounds = Trials.isLong ? 10 : 1
    try await Trial.run("F5 all sessions expire", on: .cluster, limit: .seconds(15)) { trial in
      try await Proxies.with { proxies in
        try await Site.open(.cluster, for: trial, in: proxies.surroundings) { site in
          let kinds: [TaskKind] = [.buildControl, .executeShell]
          _ = try await site.everything(kinds)
          // More sessions than work, for a storm needs many.
          for _ in 0..<4 { try await site.worker(kinds) }
          try await site.defineCountingJob("foo", doing: "sleep 0.2")
          for _ in 1...rounds {
            let builds = try await (0..<4).asyncMap { _ in try await site.start("foo") }
            try await site.loseSessions(proxies)
            let accepted = proxies.accepted
            proxies.swallow(false)
            let healed = ContinuousClock.now
            let sessions = site.processes.count
            trial.injected(sessions)
            for build in builds { #expect(try await site.end(of: build).verdict == .succeeded) }
            #expect(try await site.end(of: try await site.start("foo")).verdict == .succeeded)
            try await eventually("all workers are back") { try await site.workers().count == sessions - 1 }
            trial.recovered(after: ContinuousClock.now - healed)
            let connections = proxies.accepted - accepted
            say("measured: F5 \(connections) connections for \(sessions) sessions")
            if connections > sessions * 2 { trial.violates("\(connections) connections for \(sessions) sessions") }
          }
        }
      }
    }
  }
}

extension Surroundings {
  /// The sessions of the processes have this timeout.
  static func timeout(_ time: String) -> Surroundings {
    Surroundings { url, _ in url.replacingOccurrences(of: "timeout=2s", with: "timeout=\(time)") }
  }
}

extension Site {
  /// Closes all ways to ZooKeeper until every session has expired.
  fileprivate func loseSessions(_ proxies: Proxies) async throws {
    proxies.swallow(true)
    try await stores.look { session in
      try await eventually("all sessions have expired") {
        try await session.entries(inBucketsOf: NodeMap.workers).isEmpty
      }
    }
  }
}

extension Sequence {
  func asyncMap<Output>(_ transform: (Element) async throws -> Output) async rethrows -> [Output] {
    var outputs: [Output] = []
    for element in self { outputs.append(try await transform(element)) }
    return outputs
  }
}
