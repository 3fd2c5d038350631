import Foundation
import Glibc
import Model
import TestStores
import Testing

@Suite("Processes are killed while they work", .serialized, .timeLimit(.minutes(5)))
struct CrashTrials {
  @Test(
    "F1: a frontend is killed while clients wait and trigger; it is started again, or they go to another",
    arguments: StorePair.all, [false, true])
  func frontend(_ pair: StorePair, hasOther: Bool) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything()
      let other = try site.url
      let repository = try await site.defineChain()
      let (frontend, url) = try await site.frontend()
      let build = try await site.start("library", parameters: ["repository": repository.url])
      try await frontend.freeze()
      // Both are on their way when the frontend dies.
      async let ends = site.chainEnds(build)
      async let trigger = site.start("library", parameters: ["repository": repository.url])
      try await frontend.kill()
      if hasOther {
        site.ask(other)
      } else {
        try await site.frontend(port: try #require(URL(string: url)?.port))
      }
      _ = try await ends
      try await site.chainEnds(try await trigger)
    }
  }

  @Test("F1: workers of every kind are killed just as their work arrives", arguments: StorePair.all)
  func midway(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      var workers = try await site.everything()
      let repository = try await site.defineChain()
      var builds: [BuildID] = []
      for kind in TaskKind.allCases + TaskKind.allCases {
        let build = try await site.start("library", parameters: ["repository": repository.url])
        builds.append(build)
        try await site.wait(for: build, "there is work for \(kind.rawValue)") { view in
          // What continues the build begins with copying.
          kind == .buildControl || view.verdict != nil
            || view.tasks.contains { $0.type == kind.rawValue && $0.status != .waiting }
        }
        try await workers[kind]?.kill()
        workers[kind] = try await site.worker(kind)
      }
      let killed = ContinuousClock.now
      for build in builds { try await site.chainEnds(build) }
      report("F1 ten kills in ten chains on \(pair): all green after", killed)
    }
  }

  @Test("F1: the command of a killed worker dies with it, and is run again", arguments: StorePair.all)
  func command(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      let workers = try await site.everything([.buildControl, .executeShell])
      try await site.defineCountingJob("foo", doing: site.gate("foo"))
      let build = try await site.start("foo")
      let command = try await site.arrival(at: "foo")
      try await site.worker(.executeShell)
      try await workers[.executeShell]?.kill()
      let killed = ContinuousClock.now
      try await eventually("the command is dead") { !ProcessTable.isAlive(command) }
      report("F1 the command of a killed worker on \(pair): dead after", killed)
      try await site.arrival(at: "foo", attempt: 2)
      report("F1 the command of a killed worker on \(pair): running again after", killed)
      try site.open("foo", attempt: 2)
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded && view.tasks[0].attempts.map(\.verdict) == [.errored, .succeeded])
    }
  }

  @Test("F18: everything is killed at once, again and again, with builds under way", arguments: Trials.pairs)
  func everything(_ pair: StorePair) async throws {
    let rounds = Trials.isLong ? 50 : 3
    try await Trial.run("F18 everything killed", on: pair, planned: rounds, limit: .seconds(10)) { trial in
      try await Site.open(pair, for: trial) { site in
        try await killEverything(site, rounds, trial)
      }
    }
  }

  private func killEverything(_ site: Site, _ rounds: Int, _ trial: Trial) async throws {
    let kinds: [TaskKind] = [.buildControl, .executeShell]
    _ = try await site.everything(kinds, options: ["--slots", "2"])
    try await site.defineCountingJob("foo", doing: "sleep 0.1")
    for round in 1...rounds {
      try await withThrowingTaskGroup(of: Void.self) { group in
        // Half of them are triggered while everything dies.
        for _ in 0..<3 { try await site.start("foo") }
        for _ in 0..<3 { group.addTask { try await site.start("foo") } }
        try await eventually("round \(round) is under way") {
          try await site.workers().contains { $0.slots["execute-shell"] != nil && !$0.busy.isEmpty }
        }
        for process in site.processes { process.signal(SIGSTOP) }
        for process in site.processes { try await process.kill() }
        let killed = ContinuousClock.now
        _ = try await site.everything(kinds, options: ["--slots", "2"])
        trial.recovered(after: ContinuousClock.now - killed)
        trial.injected()
        try await group.waitForAll()
      }
    }
    #expect(site.acknowledged.count == rounds * 6)
    for build in site.acknowledged { #expect(try await site.end(of: build).verdict == .succeeded) }
  }
}
