import Foundation
import Glibc
import Model
import ObjectStorage
import TestStores
import Testing

extension ServerTrials {
  private static let rounds = Trials.isLong ? 3 : 1
  /// The heartbeat grace of the OSDs of `deploy/dev-cluster`.
  private static let grace = Duration.seconds(10)

  @Test("F8: an OSD is killed under load")
  func osdKilled() async throws {
    try await Trial.run("F8 OSD killed", on: .cluster, planned: Self.rounds, limit: .seconds(5)) { trial in
      try await underLoad(trial) { harm, _, probe in
        for round in 1...Self.rounds {
          _ = probe.takeWorst()
          try await harm.run("kill", "osd", "\(round % 3)")
          trial.injected()
          try await probe.writes(400)
          trial.recovered(after: probe.takeWorst())
          try await harm.run("start", "osd", "\(round % 3)")
        }
      }
    }
  }

  @Test("F8: an OSD falls silent under load")
  func osdSilent() async throws {
    // Its peers look every 2 s and wait for the grace, the monitor sends the map round, clients try again: 15 s were seen.
    let limit = Self.grace + .seconds(10)
    try await Trial.run("F8 OSD silent", on: .cluster, planned: Self.rounds, limit: limit) { trial in
      try await underLoad(trial) { harm, _, probe in
        for round in 1...Self.rounds {
          _ = probe.takeWorst()
          try harm.signal(SIGSTOP, "osd.\(round % 3)")
          trial.injected()
          try await probe.writes(400)
          trial.recovered(after: probe.takeWorst())
          try harm.signal(SIGCONT, "osd.\(round % 3)")
          try await harm.run("up")
        }
      }
    }
  }

  @Test("F8: two of three OSDs are down")
  func twoOSDsDown() async throws {
    try await Trial.run("F8 two of three OSDs down", on: .cluster, planned: Self.rounds, limit: .seconds(15)) { trial in
      try await underLoad(trial) { harm, load, probe in
        for round in 1...Self.rounds {
          let down = [round % 3, (round + 1) % 3]
          for number in down { try await harm.run("kill", "osd", "\(number)") }
          trial.injected()
          try await probe.fails(.unavailable)
          // With what a busy machine takes to say so.
          if probe.worstFailure > .seconds(10) * Trials.slack { trial.violates("an error took \(probe.worstFailure)") }
          say("measured: F8 below the least number of copies: an error after \(probe.worstFailure)")
          for number in down { try await harm.run("start", "osd", "\(number)") }
          let healed = ContinuousClock.now
          try await load.succeeds(2)
          trial.recovered(after: ContinuousClock.now - healed)
        }
      }
    }
  }

  @Test("F9: the pool is full")
  func poolFull() async throws {
    try await Trial.run("F9 pool full", on: .cluster, planned: Self.rounds, limit: .seconds(15)) { trial in
      try await underLoad(trial) { harm, load, probe in
        for _ in 1...Self.rounds {
          try await harm.limitObjects(to: 1)
          trial.injected()
          try await probe.fails(.noSpace)
          say("measured: F9 a full pool: an error after \(probe.worstFailure)")
          if probe.worstFailure > .seconds(2) * Trials.slack { trial.violates("an error took \(probe.worstFailure)") }
          try await harm.limitObjects(to: 0)
          let healed = ContinuousClock.now
          try await probe.writes()
          try await load.succeeds(2)
          trial.recovered(after: ContinuousClock.now - healed)
        }
      }
    }
  }

  /// Builds run, and objects are written, while a trial does what it does.
  private func underLoad(
    _ trial: Trial, _ body: @Sendable (Harm, Load, ObjectProbe) async throws -> Void
  ) async throws {
    try await Harm.with { harm in
      try await Site.open(.cluster, for: trial, in: .timeout("6s")) { site in
        _ = try await site.everything([.buildControl, .executeShell], options: ["--slots", "3"])
        try await Load.run(on: site) { load in
          try await load.succeeds(3)
          try await ObjectProbe.run(on: site) { probe in
            try await probe.writes()
            try await body(harm, load, probe)
          }
          say("measured: verdicts of builds \(Dictionary(load.ended.map { ("\($0)", 1) }, uniquingKeysWith: +))")
        }
      }
    }
  }
}
