import Glibc
import Model
import TestStores
import Testing

@Suite("F17: workers are told to stop", .serialized, .timeLimit(.minutes(2)))
struct DrainTrials {
  @Test("F17: a worker that is told to stop finishes what it has", arguments: Trials.pairs)
  func drains(_ pair: StorePair) async throws {
    try await Trial.run("F17 drained", on: pair, planned: 1) { trial in try await drain(pair, trial) }
  }

  private func drain(_ pair: StorePair, _ trial: Trial) async throws {
    try await Site.open(pair, for: trial) { site in
      let workers = try await site.everything([.buildControl, .executeShell])
      let worker = try #require(workers[.executeShell])
      try await site.defineCountingJob("foo", doing: site.gate("foo"))
      try await site.defineCountingJob("waits")
      let build = try await site.start("foo")
      try await site.arrival(at: "foo")
      let waiting = try await site.start("waits")
      worker.signal(SIGTERM)
      trial.injected()
      try await eventually("the worker says that it drains") {
        try await site.workers().contains { $0.process == Int(worker.pid) && $0.draining }
      }
      try site.open("foo")
      #expect(try await worker.end() == 0)
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded && view.tasks[0].attempts.count == 1)

      // What waited is still there for the next one.
      #expect(try await site.view(of: waiting).tasks[0].status == .queued)
      try await site.worker(.executeShell)
      #expect(try await site.end(of: waiting).verdict == .succeeded)
    }
  }

  @Test("F17: a worker that is told to stop gives back what takes too long", arguments: Trials.pairs)
  func givesBack(_ pair: StorePair) async throws {
    try await Trial.run("F17 given back", on: pair, planned: 1, limit: .seconds(3)) { trial in
      try await giveBack(pair, trial)
    }
  }

  private func giveBack(_ pair: StorePair, _ trial: Trial) async throws {
    try await Site.open(pair, for: trial) { site in
      let workers = try await site.everything([.buildControl, .executeShell], options: ["--drain-timeout", "1"])
      let worker = try #require(workers[.executeShell])
      try await site.defineCountingJob("foo", doing: site.gate("foo"))
      let build = try await site.start("foo")
      let command = try await site.arrival(at: "foo")
      let successor = try await site.worker(.executeShell)
      worker.signal(SIGTERM)
      let told = ContinuousClock.now
      #expect(try await worker.end() == 0)
      #expect(!ProcessTable.isAlive(command))
      try await eventually("the same attempt is made elsewhere") { try await site.arrival(at: "foo") != command }
      trial.recovered(after: ContinuousClock.now - told)
      trial.injected()
      try site.open("foo")
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded && view.tasks[0].attempts.map(\.verdict) == [.succeeded])
      let last = try #require(view.tasks[0].attempts.last?.worker)
      #expect(try await site.workers().first { $0.worker == last }?.process == Int(successor.pid))
    }
  }
}
