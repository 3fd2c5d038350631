import Foundation
import Glibc
import Model
import TestProxy
import TestStores
import Testing

@Suite(
  "The network is there and carries nothing", .serialized, .timeLimit(.minutes(20)),
  .enabled(if: Trials.pairs.contains { $0.hasSessionTimeout }))
struct PartitionTrials {
  /// Which direction of a way is silent.
  enum Silence: CaseIterable, Sendable {
    case both
    case requests
    case answers
  }

  private static let rounds = Trials.isLong ? 3 : 1

  @Test("F4: workers cannot reach ZooKeeper", arguments: Silence.allCases)
  func workers(_ silence: Silence) async throws {
    // The timeout of a session, and two seconds.
    let limit = Duration.seconds(4)
    try await Trial.run("F4 worker, \(silence)", on: .cluster, planned: Self.rounds, limit: limit) { trial in
      try await Proxies.with { proxies in
        try await Site.open(.cluster, for: trial, in: proxies.surroundings(for: "worker")) { site in
          let workers = try await site.everything([.buildControl, .executeShell])
          try await site.defineCountingJob("foo", doing: "sleep 0.1")
          try await cut(proxies, silence, site, Array(workers.values), trial)
        }
      }
    }
  }

  @Test("F4: a frontend cannot reach ZooKeeper", arguments: Silence.allCases)
  func frontend(_ silence: Silence) async throws {
    let limit = Duration.seconds(4)
    try await Trial.run("F4 frontend, \(silence)", on: .cluster, planned: Self.rounds, limit: limit) { trial in
      try await Proxies.with { proxies in
        try await Site.open(.cluster, for: trial, in: proxies.surroundings(for: "frontend")) { site in
          let (frontend, _) = try await site.frontend()
          try await site.worker([.buildControl, .executeShell])
          try await site.defineCountingJob("foo", doing: "sleep 0.1")
          try await cut(proxies, silence, site, [frontend], trial)
        }
      }
    }
  }

  /// Silences the way of some processes until they give their sessions up, with a build under way and another triggered
  /// meanwhile.
  private func cut(
    _ proxies: Proxies, _ silence: Silence, _ site: Site, _ processes: [DistCIProcess], _ trial: Trial
  ) async throws {
    for round in 1...Self.rounds {
      let before = try await site.start("foo")
      proxies.swallow(true, silence)
      trial.injected()
      async let meanwhile = site.start("foo")
      for process in processes { try await process.logged("The session is over", times: round) }
      proxies.swallow(false, silence)
      let healed = ContinuousClock.now
      let after = try await site.start("foo")
      #expect(try await site.end(of: after).verdict == .succeeded)
      trial.recovered(after: ContinuousClock.now - healed)
      for build in [before, try await meanwhile] { #expect(try await site.end(of: build).verdict == .succeeded) }
    }
  }
}

extension Proxies {
  fileprivate func swallow(_ isSilent: Bool, _ silence: PartitionTrials.Silence) {
    for proxy in all {
      switch silence {
      case .both: proxy.swallow(isSilent)
      case .requests: isSilent ? proxy.requests.close() : proxy.requests.open()
      case .answers: isSilent ? proxy.answers.close() : proxy.answers.open()
      }
    }
  }
}
