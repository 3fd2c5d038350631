import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// Environments: one task at a time deploys, and what was deployed is known.
@Suite(.timeLimit(.minutes(3)))
struct DeployTests {
  private let stage: DeployTarget

  init() throws {
    stage = try DeployTarget("stage")
  }

  private func define(_ job: String, in workshop: Workshop, _ more: String = "") async throws {
    try await workshop.defineJob(
      file: #"""
        { "job": "\#(job)", \#(more) "tasks": [{ "name": "ship", "type": "execute-shell", "script": "true",
          "deploy": { "environment": "stage" } }] }
        """#)
  }

  @Test(
    "Builds of two jobs deploy to one environment one after another; who waits holds no worker, and says for whom",
    arguments: StorePair.all)
  func queue(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop)
      try await define("bar", in: workshop)
      try await workshop.defineJob("other")
      let order = Mutex<[BuildID]>([])
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      let worker = try TestWorker(shells: 2) { assignment in
        let build = assignment.attempt.request.build
        order.withLock { $0.append(build) }
        guard build.job.rawValue == "foo" else { return Performance(.succeeded) }
        begin.yield()
        for await _ in gate { break }
        var performance = Performance(.succeeded)
        performance.commit = "abc"
        return performance
      }
      try await workshop.withWorkers(worker) {
        let first = try await workshop.start("foo")
        for await _ in begun { break }
        var later: [BuildID] = []
        for _ in 0..<3 {
          let build = try await workshop.start("bar")
          try await workshop.wait(for: build) { $0.tasks[0].deploy?.status == .waits }
          later.append(build)
        }
        let reason = try await workshop.observer.explanation(of: later[0]).tasks[0].reason
        #expect(reason.code == "environment-held" && reason.holder?.id == first, "\(reason)")
        #expect(reason.environment == stage && reason.message.contains("by task ship of build \(first)"))
        // The second slot is free for others.
        let other = try await workshop.start("other")
        #expect(try await workshop.end(of: other).verdict == .succeeded)
        let busy = try await workshop.observer.environment(stage, history: 10)
        #expect(busy.live == nil && busy.holder?.id == first && busy.waiting.map(\.id) == later)
        open.yield()
        for build in [first] + later { #expect(try await workshop.end(of: build).verdict == .succeeded) }
        #expect(order.withLock { $0.filter { $0 != other } } == [first] + later)
        let view = try await workshop.observer.environment(stage, history: 10)
        #expect(view.history?.map(\.id) == later.reversed() + [first] && view.live?.id == later.last)
        #expect(view.history?.last?.commit == "abc" && view.live?.cause.event == "request")
        #expect(view.holder == nil && view.waiting.isEmpty && view.unapproved.isEmpty)
        #expect(try await workshop.observer.environments().map(\.environment) == [stage])
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A paused environment is not deployed to, says by whom and why, and goes on", arguments: StorePair.all)
  func pause(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop)
      let performed = Mutex<[BuildID]>([])
      let worker = try TestWorker { assignment in
        performed.withLock { $0.append(assignment.attempt.request.build) }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        try await workshop.repository.pause(.environment(stage), by: "ada", reason: "the shop is busy")
        var builds: [BuildID] = []
        for _ in 0..<3 {
          let build = try await workshop.start("foo")
          try await workshop.wait(for: build) { $0.tasks[0].deploy?.status != nil }
          let reason = try await workshop.observer.explanation(of: build).tasks[0].reason
          #expect(reason.code == "environment-paused" && reason.by == "ada" && reason.comment == "the shop is busy")
          builds.append(build)
        }
        #expect(performed.withLock { $0.isEmpty })
        #expect(try await workshop.repository.environments().first?.paused?.by == "ada")
        // One that waits may be cancelled, also the one whose turn it is.
        try await workshop.repository.cancel(builds[0], by: "bob")
        #expect(try await workshop.end(of: builds[0]).verdict == .cancelled)
        try await workshop.repository.resume(.environment(stage))
        for build in builds[1...] { #expect(try await workshop.end(of: build).verdict == .succeeded) }
        #expect(performed.withLock { $0 } == Array(builds[1...]))
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test(
    "Pausing, resuming, cancelling and deploying at once loses nothing and doubles nothing", arguments: StorePair.all)
  func race(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop)
      try await define("bar", in: workshop)
      let performed = Mutex<[BuildID: Int]>([:])
      let running = Mutex(0)
      let worker = try TestWorker(controls: 2, shells: 3) { assignment in
        #expect(
          running.withLock { running in
            running += 1
            return running
          } == 1)
        performed.withLock { $0[assignment.attempt.request.build, default: 0] += 1 }
        running.withLock { $0 -= 1 }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for _ in 0..<4 {
              try await workshop.repository.pause(.environment(stage), by: "ada", reason: nil)
              try await workshop.repository.resume(.environment(stage))
            }
          }
          for job in ["foo", "bar"] {
            group.addTask {
              for number in 0..<6 {
                let build = try await workshop.start(job)
                if number % 3 == 2 { try? await workshop.repository.cancel(build, by: "bob") }
              }
            }
          }
          try await group.waitForAll()
        }
        for job in ["foo", "bar"] {
          for number in 1...6 {
            let build = BuildID(job: try JobName(job), number: number)
            let verdict = try await workshop.end(of: build).verdict
            let times = performed.withLock { $0[build] }
            #expect(times == nil || times == 1)
            #expect(verdict == .succeeded ? times == 1 : number % 3 == 0 && verdict == .cancelled)
          }
        }
        let view = try await workshop.observer.environment(stage, history: 100)
        #expect(view.holder == nil && view.waiting.isEmpty)
        // What a worker did just before it was told to stop counts as well.
        let deployed = view.history?.map(\.id) ?? []
        let begun = performed.withLock { Set($0.keys) }
        #expect(begun.isSuperset(of: deployed) && Set(deployed).count == deployed.count)
        try await workshop.waitUntilParked([.buildControl: 2])
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A lost worker's lock is not lost: its build tries again before the next one deploys", arguments: StorePair.all)
  func lostWorker(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop)
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let order = Mutex<[String]>([])
      let doomed = try TestWorker(controls: 0) { assignment in
        order.withLock { $0.append("\(assignment.attempt.request.build) \(assignment.attempt.number)") }
        begin.yield()
        try await untilStopped()
        return Performance(.failed)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await workshop.run(doomed) }
        let survivor = try TestWorker(shells: 0)
        group.addTask { try await workshop.run(survivor) }
        let first = try await workshop.start("foo")
        for await _ in begun { break }
        let second = try await workshop.start("foo")
        try await workshop.wait(for: second) { $0.tasks[0].deploy?.status == .waits }
        await doomed.kill()
        let other = try TestWorker(controls: 0) { assignment in
          order.withLock { $0.append("\(assignment.attempt.request.build) \(assignment.attempt.number)") }
          return Performance(.succeeded)
        }
        try await workshop.withWorkers(other) {
          for build in [first, second] {
            let view = try await workshop.end(of: build)
            #expect(view.verdict == .succeeded)
          }
        }
        #expect(order.withLock { $0 } == ["\(first) 1", "\(first) 2", "\(second) 1"])
        survivor.finish()
        try await group.waitForAll()
      }
    }
  }

  @Test(
    "What a build held that is gone is freed, once; and history goes on where it was when the environment's node is gone",
    arguments: StorePair.all)
  func gone(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop)
      let session = workshop.repository.session
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let stuck = try TestWorker { _ in
        begin.yield()
        try await untilStopped()
        return Performance(.failed)
      }
      let first = BuildID(job: try JobName("foo"), number: 1)
      let second = BuildID(job: try JobName("foo"), number: 2)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await workshop.run(stuck) }
        _ = try await workshop.start("foo")
        for await _ in begun { break }
        _ = try await workshop.start("foo")
        try await workshop.wait(for: second) { $0.tasks[0].deploy?.status == .waits }
        await stuck.kill()
        try await group.waitForAll()
      }
      for name in try await session.children(of: NodeMap.build(first)) ?? [] {
        try await session.delete(NodeMap.build(first) / name)
      }
      try await session.delete(NodeMap.build(first))
      for _ in 0..<2 {
        var sweep = EnvironmentSweep(session: session, now: workshop.repository.now)
        try await sweep.step()
        #expect(try await workshop.repository.environment(stage, history: 1).holder?.id == second)
      }
      try await workshop.withWorkers(try TestWorker()) {
        #expect(try await workshop.end(of: second).verdict == .succeeded)
        try await session.delete(NodeMap.environment(stage))
        let third = try await workshop.start("foo")
        #expect(try await workshop.end(of: third).verdict == .succeeded)
        #expect(try await workshop.observer.environment(stage, history: 5).history?.map(\.id) == [third, second])
      }
    }
  }

  @Test(
    "A task with nowhere to wait fails with the reason, and keeps nobody else from deploying", arguments: StorePair.all)
  func full(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop)
      let session = workshop.repository.session
      var book = EnvironmentBook(session: session, now: workshop.repository.now)
      try await session.createAll(NodeMap.environmentBucket(stage))
      for number in 1...EnvironmentBook.mostWaiting + 1 {
        let ticket = try workshop.looseTicket("ghost", number)
        let waiter = EnvironmentWaiter(call: ticket, task: 0, name: try TaskName("ship"), since: ticket.posted)
        let place = try await book.enter(waiter, at: stage) { 1 }
        #expect(place.status == (number == 1 ? .holds : .waits))
        if number % 500 == 1 {
          try await session.transaction(try book.changes)
          book = EnvironmentBook(session: session, now: workshop.repository.now)
        }
      }
      try await session.transaction(try book.changes)
      try await workshop.withWorkers(try TestWorker()) {
        let view = try await workshop.end(of: try await workshop.start("foo"))
        #expect(view.verdict == .failed && view.tasks[0].reason?.contains("1000 tasks wait") ?? false, "\(view.tasks)")
      }
    }
  }

  @Test(
    "A deploy that failed stands in history, with its verdict and who asked; live stays what went well",
    arguments: StorePair.all)
  func failures(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("foo", in: workshop)
      let verdicts = Mutex([Verdict.succeeded, .failed, .timedOut])
      let worker = try TestWorker { _ in Performance(verdicts.withLock { $0.removeFirst() }) }
      try await workshop.withWorkers(worker) {
        var builds: [BuildID] = []
        for who in ["ann", "bob", "\u{1B}[31meve"] {
          let start = StartRequest(job: try JobName("foo"), cause: .asked(by: who))
          let build = try await workshop.repository.start(start)
          let view = try await workshop.end(of: build)
          #expect(view.cause.event == "request" && view.cause.by == who)
          builds.append(build)
        }
        let view = try await workshop.observer.environment(stage, history: 10)
        #expect(view.history?.map(\.id) == builds.reversed())
        #expect(view.history?.map(\.verdict) == [.timedOut, .failed, .succeeded])
        #expect(view.live?.id == builds[0] && view.live?.cause.by == "ann")
        // Cut short, it is the newest, whatever became of it.
        #expect(try await workshop.observer.environment(stage, history: 1).history?.map(\.id) == [builds[2]])
        #expect(try await workshop.observer.environments().first?.live?.id == builds[0])
        let error = await #expect(throws: RepositoryError.self) {
          try await workshop.repository.rollBack(stage, to: builds[1], by: "ada")
        }
        #expect(error?.message.contains("did not deploy") == true)
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test(
    "A task that deploys goes on when its job is paused; one that waits steps aside for other jobs, until it is resumed",
    arguments: StorePair.all)
  func pausedJob(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      for job in ["foo", "bar", "baz"] { try await define(job, in: workshop) }
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      let worker = try TestWorker { assignment in
        guard assignment.attempt.request.build.job.rawValue == "foo" else { return Performance(.succeeded) }
        begin.yield()
        for await _ in gate { break }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let first = try await workshop.start("foo")
        for await _ in begun { break }
        let second = try await workshop.start("bar")
        try await workshop.wait(for: second) { $0.tasks[0].deploy?.status == .waits }
        let third = try await workshop.start("baz")
        try await workshop.wait(for: third) { $0.tasks[0].deploy?.status == .waits }
        let (foo, bar) = (PauseSubject.job(first.job), PauseSubject.job(second.job))
        for job in [foo, bar] { _ = try await workshop.repository.pause(job, by: "ada", reason: nil) }
        open.yield()
        #expect(try await workshop.end(of: first).verdict == .succeeded)
        // The turn of the second comes first, and it does not take it.
        #expect(try await workshop.end(of: third).verdict == .succeeded)
        let view = try await workshop.observer.environment(stage, history: 10)
        #expect(view.holder == nil && view.waiting.isEmpty && view.live?.id == third)
        #expect(try await workshop.observer.build(second).verdict == nil)
        for job in [foo, bar] { try await workshop.repository.resume(job) }
        #expect(try await workshop.end(of: second).verdict == .succeeded)
        #expect(try await workshop.observer.environment(stage, history: 1).live?.id == second)
      }
      try await workshop.expectNothingLeft()
    }
  }
}
