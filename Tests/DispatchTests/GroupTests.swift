import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// Concurrency groups.
@Suite(.timeLimit(.minutes(3)))
struct GroupTests {
  private func define(_ job: String, in workshop: Workshop, _ concurrency: String, tasks: String? = nil) async throws {
    let tasks = tasks ?? #"{ "name": "t", "type": "execute-shell", "script": "true" }"#
    try await workshop.defineJob(file: #"{ "job": "\#(job)", "concurrency": \#(concurrency), "tasks": [\#(tasks)] }"#)
  }

  /// The group's node and what waits below it.
  private func group(_ workshop: Workshop) async throws -> (holders: [BuildID], waiting: Int)? {
    let session = workshop.repository.session
    for bucket in try await session.children(of: NodeMap.groups) ?? [] {
      for digest in try await session.children(of: NodeMap.groups / bucket) ?? [] {
        guard let node = try await session.read(NodeMap.group(digest)) else { continue }
        let record = try JSONBytes.decode(GroupRecord.self, from: node.data)
        if record.emptied != nil { continue }
        return (record.holders.map(\.build), try await session.children(of: NodeMap.group(digest))?.count ?? 0)
      }
    }
    return nil
  }

  @Test(
    "Builds of two jobs run one at a time, in the order in which they came, and each once", arguments: StorePair.all)
  func queue(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, #"{ "group": "shared" }"#)
      try await define("bar", in: workshop, #"{ "group": "shared" }"#)
      let order = Mutex<[BuildID]>([])
      let running = Mutex(0)
      let worker = try TestWorker(controls: 2, shells: 3) { assignment in
        #expect(
          running.withLock { running in
            running += 1
            return running
          } == 1)
        order.withLock { $0.append(assignment.attempt.request.build) }
        running.withLock { $0 -= 1 }
        return Performance(.succeeded)
      }
      var builds: [BuildID] = []
      for number in 0..<6 { builds.append(try await workshop.start(number % 2 == 0 ? "foo" : "bar")) }
      let waiting = try await workshop.repository.build(builds[3])
      #expect(waiting.group?.status == .waits && waiting.group?.holders.map(\.build) == [1])
      #expect(try await group(workshop)?.waiting == 5)
      try await workshop.withWorkers(worker) { [builds] in
        for build in builds {
          let end = try await workshop.end(of: build)
          #expect(end.verdict == .succeeded)
        }
      }
      #expect(order.withLock { $0 } == builds)
      #expect(try await group(workshop) == nil)
      try await workshop.expectNothingLeft()
    }
  }

  @Test("As many run as the limit says", arguments: StorePair.all)
  func limit(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, #"{ "limit": 2 }"#)
      for _ in 0..<3 { _ = try await workshop.start("foo") }
      let places = try await group(workshop)
      #expect(places?.holders.map(\.number) == [1, 2] && places?.waiting == 1)
      try await workshop.withWorkers(try TestWorker()) {
        for number in 1...3 { _ = try await workshop.end(of: BuildID(job: try JobName("foo"), number: number)) }
      }
      #expect(try await group(workshop) == nil)
    }
  }

  @Test("A build that does not wait is skipped, and says for whom", arguments: StorePair.all)
  func skip(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, #"{ "whenBusy": "skip" }"#)
      let (first, second) = (try await workshop.start("foo"), try await workshop.start("foo"))
      try await workshop.withWorkers(try TestWorker()) {
        let skipped = try await workshop.end(of: second)
        #expect(skipped.verdict == .skipped && skipped.tasks[0].attempts.isEmpty)
        #expect(skipped.tasks[0].reason?.contains("held by \(first)") ?? false)
        #expect(try await workshop.end(of: first).verdict == .succeeded)
        let third = try await workshop.start("foo")
        #expect(try await workshop.end(of: third).verdict == .succeeded)
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test(
    "A newer build takes the place of the older ones, and a task that deploys is let finish", arguments: StorePair.all)
  func cancelOlder(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let tasks = #"""
        { "name": "deploy", "type": "execute-shell", "script": "true", "needs": [], "deploy": true },
        { "name": "test", "type": "execute-shell", "script": "true", "needs": [] }
        """#
      try await define("foo", in: workshop, #"{ "whenBusy": "cancel-older" }"#, tasks: tasks)
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      let worker = try TestWorker(controls: 1, shells: 2) { assignment in
        guard assignment.attempt.request.build.number == 1 else { return Performance(.succeeded) }
        begin.yield()
        if assignment.task.deploy {
          for await _ in gate { break }
          return Performance(Task.isCancelled ? .cancelled : .succeeded)
        }
        try await untilStopped()
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let first = try await workshop.start("foo")
        var started = 0
        for await _ in begun {
          started += 1
          if started == 2 { break }
        }
        let second = try await workshop.start("foo")
        let third = try await workshop.start("foo")
        // The one in between never began.
        let dropped = try await workshop.end(of: second)
        #expect(dropped.verdict == .cancelled && dropped.tasks.allSatisfy { $0.attempts.isEmpty })
        #expect(dropped.cancelledBy?.contains("\(third)") ?? false)
        try await workshop.wait(for: first) { $0.tasks[1].verdict == .cancelled }
        #expect(try await workshop.repository.build(first).tasks[0].status == .running)
        open.yield()
        let view = try await workshop.end(of: first)
        #expect(view.tasks.map(\.verdict) == [.succeeded, .cancelled] && view.verdict == .cancelled)
        #expect(try await workshop.end(of: third).verdict == .succeeded)
      }
      #expect(try await group(workshop) == nil)
      try await workshop.expectNothingLeft()
    }
  }

  @Test(
    "A push that brings an older and a newer build of a busy group leaves none of them behind",
    arguments: StorePair.all)
  func supersededAtBirth(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, #"{ "group": "g" }"#)
      try await define("bar", in: workshop, #"{ "group": "g", "whenBusy": "cancel-older" }"#)
      let holder = try await workshop.start("foo")
      let pushed = try await workshop.repository.start(
        [StartRequest(job: try JobName("foo")), StartRequest(job: try JobName("bar"))], delivery: nil
      ).builds
      try await workshop.withWorkers(try TestWorker()) {
        // The one that held the group may have begun, or even ended, before it was told.
        _ = try await workshop.end(of: holder)
        let older = try await workshop.end(of: pushed[0])
        #expect(older.verdict == .cancelled && older.tasks.allSatisfy { $0.attempts.isEmpty })
        let newest = try await workshop.end(of: pushed[1])
        #expect(newest.verdict == .succeeded)
      }
      #expect(try await group(workshop) == nil)
      try await workshop.expectNothingLeft()
    }
  }

  @Test("The end of a pause starts no build that waits for its group", arguments: StorePair.all)
  func resumed(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, "{}")
      let first = try await workshop.start("foo")
      let second = try await workshop.start("foo")
      let job = PauseSubject.job(try JobName("foo"))
      try await workshop.repository.pause(job, by: "ada", reason: nil)
      try await workshop.repository.resume(job)
      let session = workshop.repository.session
      let queue = NodeMap.queue(QueueClass(kind: .buildControl, labels: []))
      var waiting: [BuildID] = []
      for span in try await session.children(of: queue) ?? [] {
        for entry in try await session.entries(inBucketsOf: queue / span) {
          guard let node = try await session.read(entry) else { continue }
          waiting.append(try JSONBytes.decode(Ticket.self, from: node.data).build)
        }
      }
      #expect(waiting == [first])
      try await workshop.withWorkers(try TestWorker()) {
        for build in [first, second] {
          let end = try await workshop.end(of: build)
          #expect(end.verdict == .succeeded)
        }
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A build that waits is cancelled at once, and the next one has its turn", arguments: StorePair.all)
  func cancelWaiting(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, "{}")
      var builds: [BuildID] = []
      for _ in 0..<3 { builds.append(try await workshop.start("foo")) }
      try await workshop.withWorkers(try TestWorker(shells: 0)) { [builds] in
        try await workshop.repository.cancel(builds[1], by: "ada")
        #expect(try await workshop.end(of: builds[1]).verdict == .cancelled)
        #expect(try await group(workshop)?.waiting == 1)
        try await workshop.withWorkers(try TestWorker(controls: 0)) {
          for build in [builds[0], builds[2]] {
            let end = try await workshop.end(of: build)
            #expect(end.verdict == .succeeded)
          }
        }
      }
      #expect(try await group(workshop) == nil)
    }
  }

  @Test("What a build held that is gone is freed, once, and the next one starts", arguments: StorePair.all)
  func gone(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, "{}")
      let (first, second) = (try await workshop.start("foo"), try await workshop.start("foo"))
      try await workshop.repository.session.delete(NodeMap.build(first))
      for _ in 0..<2 {
        var sweep = GroupSweep(session: workshop.repository.session, now: workshop.repository.now)
        try await sweep.step()
        #expect(try await group(workshop)?.holders == [second])
      }
      try await workshop.withWorkers(try TestWorker()) {
        let end = try await workshop.end(of: second)
        #expect(end.verdict == .succeeded)
      }
      #expect(try await group(workshop) == nil)
    }
  }

  @Test("Many builds at once through one place: none is lost, none runs twice", arguments: StorePair.all)
  func crowd(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop, #"{ "group": "g", "limit": 2 }"#)
      let performed = Mutex<[Int: Int]>([:])
      let worker = try TestWorker(controls: 2, shells: 3) { assignment in
        performed.withLock { $0[assignment.attempt.request.build.number, default: 0] += 1 }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let builds = try await withThrowingTaskGroup(of: BuildID.self) { group in
          for _ in 0..<20 { group.addTask { try await workshop.start("foo") } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        for build in builds { #expect(try await workshop.end(of: build).verdict == .succeeded) }
      }
      #expect(performed.withLock { $0.count == 20 && $0.values.allSatisfy { $0 == 1 } })
      #expect(try await group(workshop) == nil)
      try await workshop.expectNothingLeft()
    }
  }
}
