import Glibc
import Model
import TestStores
import Testing

@Suite("Hosts share out the slots that are wanted", .serialized, .timeLimit(.minutes(5)))
struct PoolTrials {
  @Test("Slots are scaled from 0 to 8 and to 2 over two hosts; one is killed, others join", arguments: StorePair.all)
  func scaling(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      try await site.frontend()
      let (first, second) = (try await site.pool(capacity: 6), try await site.pool(capacity: 6))
      try await SeatHistory.during(site) { history in
        #expect(try await site.seats() == [Int(first.pid): 0, Int(second.pid): 0])
        try await site.scale(to: 8)
        #expect(try await site.seats() == [Int(first.pid): 4, Int(second.pid): 4])
        try await site.scale(to: 2)
        #expect(try await site.seats() == [Int(first.pid): 1, Int(second.pid): 1])
        try await site.scale(to: 6)
        #expect(try await site.seats() == [Int(first.pid): 3, Int(second.pid): 3])

        // A third host joins: it gets its part as the others give up theirs.
        let third = try await site.pool(capacity: 6)
        try await eventually("the slots are shared out among three") {
          try await site.seats() == [Int(first.pid): 2, Int(second.pid): 2, Int(third.pid): 2]
        }
        try await site.settles(at: 6)

        // One dies: the others run what it ran.
        try await second.kill()
        let killed = ContinuousClock.now
        try await eventually("the slots are shared out among two") {
          try await site.seats() == [Int(first.pid): 3, Int(third.pid): 3]
        }
        try await site.settles(at: 6)
        report("a killed pool's slots on \(pair): running on other hosts after", killed)

        // One is told to stop.
        third.signal(SIGTERM)
        #expect(try await third.end() == 0)
        try await site.settles(at: 6)
        #expect(try await site.seats() == [Int(first.pid): 6])
        try await site.scale(to: 0)
        #expect(history.workers.count >= 8)
        #expect(history.doubles == [])
      }
    }
  }

  @Test("A slot's process is killed in the middle of a task: its pool takes the ticket back", arguments: StorePair.all)
  func childKilled(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      try await site.frontend()
      try await site.worker(.buildControl)
      let pool = try await site.pool(capacity: 2)
      try await SeatHistory.during(site) { history in
        try await site.scale(to: 2)
        try await site.defineCountingJob("foo", doing: site.gate("foo"))
        let build = try await site.start("foo")
        let command = try await site.arrival(at: "foo")
        let victim = try await site.holder(of: build)
        #expect(victim != pool.pid)
        let killed = ContinuousClock.now
        kill(victim, SIGKILL)
        try await eventually("the command runs in the other slot") {
          site.folder.contents("gates/at.foo.2") != nil
        }
        let took = ContinuousClock.now - killed
        report("F1 a slot's process killed under its pool on \(pair): running again after", killed)
        // The target is 100 ms on a quiet machine; ZooKeeper's session would have lasted for two seconds.
        #expect(took < .seconds(1))
        try await eventually("the command is dead") { !ProcessTable.isAlive(command) }
        try site.open("foo", attempt: 2)
        let view = try await site.end(of: build)
        #expect(view.verdict == .succeeded && view.tasks[0].attempts.map(\.verdict) == [.errored, .succeeded])
        // Its seat was not given up, and is filled again.
        try await site.settles(at: 2)
        #expect(try await !site.workers().contains { $0.process == Int(victim) })
        try await site.scale(to: 0)
        #expect(history.doubles == [])
      }
    }
  }

  @Test(
    "A pool is killed in the middle of a task: its process finishes it, and takes no more", arguments: StorePair.all)
  func poolKilled(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      try await site.frontend()
      try await site.worker(.buildControl)
      let first = try await site.pool(capacity: 1)
      try await SeatHistory.during(site) { history in
        try await site.scale(to: 1)
        try await site.defineCountingJob("foo", doing: site.gate("foo"))
        try await site.defineCountingJob("next")
        let build = try await site.start("foo")
        try await site.arrival(at: "foo")
        let holder = try await site.holder(of: build)
        try await first.kill()
        try await eventually("the orphan drains") {
          try await site.workers().contains { $0.process == Int(holder) && $0.draining }
        }
        let next = try await site.start("next")
        try await site.pool(capacity: 1)
        #expect(try await site.end(of: next).verdict == .succeeded)
        try site.open("foo")
        let view = try await site.end(of: build)
        #expect(view.verdict == .succeeded && view.tasks[0].attempts.count == 1)
        try await eventually("the orphan ends") { !ProcessTable.isAlive(holder) }
        try await site.scale(to: 0)
        #expect(history.doubles == [])
      }
    }
  }

  @Test("A slot that is scaled away finishes its task first", arguments: StorePair.all)
  func drains(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      try await site.frontend()
      try await site.worker(.buildControl)
      try await site.pool(capacity: 2)
      try await site.scale(to: 2)
      try await site.defineCountingJob("foo", doing: site.gate("foo"))
      let build = try await site.start("foo")
      try await site.arrival(at: "foo")
      // The one that has nothing to do goes.
      try await site.scale(to: 1)
      let holder = try await site.holder(of: build)
      #expect(try await site.workers().filter { $0.seat != nil }.map(\.process) == [Int(holder)])
      _ = try await site.command("scale", "execute-shell", "--slots", "0")
      try await eventually("the last one drains") {
        try await site.workers().filter { $0.seat != nil }.map(\.draining) == [true]
      }
      #expect(try await site.shells().running == 1)
      try site.open("foo")
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded && view.tasks[0].attempts.count == 1)
      try await site.settles(at: 0)
    }
  }

  @Test(
    "A pool that is frozen past its session loses its seats, and its processes take no more",
    arguments: StorePair.all.filter(\.hasSessionTimeout))
  func frozen(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      try await site.frontend()
      let (first, second) = (try await site.pool(capacity: 2), try await site.pool(capacity: 2))
      try await SeatHistory.during(site) { history in
        try await site.scale(to: 2)
        try await first.freeze()
        try await eventually("the other host runs both") { try await site.seats() == [Int(second.pid): 2] }
        try await site.settles(at: 2)
        first.thaw()
        try await eventually("the host is back") {
          try await site.seats() == [Int(first.pid): 1, Int(second.pid): 1]
        }
        try await site.settles(at: 2)
        try await site.scale(to: 0)
        #expect(history.doubles == [])
      }
    }
  }

  @Test("The number of slots follows the load, and stays where it is when there is none", arguments: StorePair.all)
  func automatic(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      try await site.frontend()
      try await site.worker(.buildControl)
      try await site.pool(capacity: 4)
      let arguments = ["scale", "execute-shell", "--min", "1", "--max", "3", "--target-wait", "1s"]
      #expect(try await site.run(arguments).end() == 0)
      try await site.settles(at: 1)
      try await site.defineCountingJob("foo", doing: site.gate("foo"))
      let builds = [try await site.start("foo"), try await site.start("foo")]
      try await eventually("the second build's task runs in a slot of its own") {
        guard try await site.shells().wanted > 1 else { return false }
        return try await site.view(of: builds[1]).tasks[0].status == .running
      }
      try site.open("foo")
      for build in builds { #expect(try await site.end(of: build).verdict == .succeeded) }
      try await eventually("the idle slots go") { try await site.shells().wanted == 1 }
      try await site.settles(at: 1)
      try await site.scale(to: 0)
    }
  }

  @Test("A worker for one ticket ends when that has, and leaves the next one", arguments: StorePair.all)
  func once(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything([.buildControl])
      try await site.defineCountingJob("foo")
      let builds = [try await site.start("foo"), try await site.start("foo")]
      let worker = try await site.worker(.executeShell, options: ["--once"])
      #expect(try await worker.end() == 0)
      let statuses = try await [site.view(of: builds[0]), site.view(of: builds[1])].map(\.tasks[0].status)
      #expect(statuses.count { $0 == .queued } == 1)
      try await site.worker(.executeShell)
      for build in builds { #expect(try await site.end(of: build).verdict == .succeeded) }
    }
  }
}
