import Glibc
import Model
import TestStores
import Testing

@Suite("A worker is frozen", .serialized, .timeLimit(.minutes(2)))
struct ZombieTrials {
  @Test("F2: a worker that wakes up after another took over kills its command, and nothing of it counts")
  func zombie() async throws {
    try await Trial.run("F2 zombie", on: .cluster, planned: 1, limit: .seconds(1)) { trial in
      try await zombie(trial)
    }
  }

  private func zombie(_ trial: Trial) async throws {
    try await Site.open(.cluster, for: trial) { site in
      let workers = try await site.everything([.buildControl, .executeShell])
      let zombie = try #require(workers[.executeShell])
      // Its command would not end by itself.
      try await site.defineCountingJob("foo", doing: "trap '' TERM\n" + site.gate("foo"))
      let build = try await site.start("foo")
      let command = try await site.arrival(at: "foo")
      let successor = try await site.worker(.executeShell)
      try await zombie.freeze()
      let frozen = ContinuousClock.now
      try await site.arrival(at: "foo", attempt: 2)
      report("F2 the ticket of a frozen worker: running elsewhere after", frozen)

      try #require(ProcessTable.isAlive(command))
      zombie.thaw()
      let thawed = ContinuousClock.now
      try await eventually("the zombie's command is dead") { !ProcessTable.isAlive(command) }
      trial.recovered(after: ContinuousClock.now - thawed)
      trial.injected()
      try await zombie.logged("Ready for tickets", times: 2)

      try site.open("foo", attempt: 2)
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded && view.tasks[0].attempts.map(\.verdict) == [.errored, .succeeded])
      let busy = try #require(view.tasks[0].attempts.last?.worker)
      #expect(try await site.workers().first { $0.worker == busy }?.process == Int(successor.pid))
    }
  }

  @Test("F2: where a session lasts as long as its process, a frozen worker keeps its ticket")
  func frozen() async throws {
    try await Site.open(.embedded) { site in
      let workers = try await site.everything([.buildControl, .executeShell])
      let frozen = try #require(workers[.executeShell])
      try await site.defineCountingJob("foo", doing: site.gate("foo"))
      try await site.defineCountingJob("other")
      let build = try await site.start("foo")
      try await site.arrival(at: "foo")
      try await frozen.freeze()
      try await site.worker(.executeShell)
      #expect(try await site.end(of: try await site.start("other")).verdict == .succeeded)
      #expect(try await site.view(of: build).tasks[0].status == .running)
      try site.open("foo")
      frozen.thaw()
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded && view.tasks[0].attempts.count == 1)
    }
  }
}
