import Coordination
import Model
import ObjectStorage
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

@Suite(.timeLimit(.minutes(3)))
struct DispatchTests {
  @Test("A build runs from its trigger to its end", arguments: StorePair.all)
  func oneBuild(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      try await workshop.withWorkers(try TestWorker()) {
        let view = try await workshop.end(of: try await workshop.start("foo"))
        #expect(view.verdict == .succeeded)
        #expect(view.tasks.map(\.verdict) == [.succeeded, .succeeded])
        #expect(view.tasks.map(\.attempts.count) == [1, 1])
      }
    }
  }

  @Test("A ticket waits in its queue until a worker comes that offers its labels", arguments: StorePair.all)
  func labels(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(
        file: #"""
          { "job": "foo", "tasks": [{ "name": "a", "type": "execute-shell", "labels": ["linux", "big"], "script": "true" }] }
          """#)
      let build = try await workshop.start("foo")
      try await workshop.withWorkers(try TestWorker(labels: ["linux"])) {
        try await workshop.wait(for: build) { $0.tasks[0].status == .queued }
        #expect(try await workshop.repository.queuedTickets(limit: 10).map(\.kind) == [.executeShell])
        try await workshop.withWorkers(try TestWorker(controls: 0, labels: ["big", "linux", "more"])) {
          let view = try await workshop.end(of: build)
          #expect(view.verdict == .succeeded)
        }
      }
    }
  }

  @Test("Jobs start one another, once for each build and rule", arguments: StorePair.all)
  func chain(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("first", then: "second")
      try await workshop.defineJob("second", then: "third")
      try await workshop.defineJob("third")
      try await workshop.withWorkers(try TestWorker()) {
        for number in 1...3 {
          let first = try await workshop.end(of: try await workshop.start("first"))
          let second = try await workshop.end(of: try #require(first.startedBuilds.first).id)
          let third = try await workshop.end(of: try #require(second.startedBuilds.first).id)
          #expect(third.job.rawValue == "third" && third.build == number && third.verdict == .succeeded)
          #expect(third.cause.build == BuildReference(BuildID(job: second.job, number: second.build)))
        }
        #expect(try await workshop.observer.builds(of: try JobName("third"), limit: 10).count == 3)
      }
    }
  }

  @Test("What a lost worker had is given to another, and its attempt counts for nothing", arguments: StorePair.all)
  func lostWorker(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let doomed = try TestWorker(controls: 0) { _ in
        begin.yield()
        try await untilStopped()
        return Performance(.failed)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await workshop.run(doomed) }
        let survivor = try TestWorker(shells: 0)
        group.addTask { try await workshop.run(survivor) }
        let build = try await workshop.start("foo")
        for await _ in begun { break }
        await doomed.kill()
        try await workshop.withWorkers(try TestWorker(controls: 0)) {
          let view = try await workshop.end(of: build)
          #expect(view.verdict == .succeeded)
          #expect(view.tasks[0].attempts.map(\.verdict) == [.errored, .succeeded])
        }
        survivor.finish()
        try await group.waitForAll()
      }
    }
  }

  @Test(
    "What a worker gives back when it ends is the same attempt, and another worker makes it", arguments: StorePair.all)
  func givenBack(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let leaving = try TestWorker { _ in
        begin.yield()
        try await untilStopped()
        return Performance(.failed)
      }
      try await workshop.withWorkers(leaving) {
        let build = try await workshop.start("foo")
        for await _ in begun { break }
        leaving.handBack()
        try await workshop.withWorkers(try TestWorker()) {
          let view = try await workshop.end(of: build)
          #expect(view.verdict == .succeeded)
          #expect(view.tasks[0].attempts.map(\.verdict) == [.succeeded])
        }
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("Cancelling reaches the running task, and the queued one never runs", arguments: StorePair.all)
  func cancellation(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(
        file: #"""
          { "job": "foo", "tasks": [
            { "name": "runs", "type": "execute-shell", "script": "true", "needs": [] },
            { "name": "queued", "type": "execute-shell", "script": "true", "needs": [], "labels": ["none-offers-it"] },
            { "name": "waits", "type": "execute-shell", "script": "true", "needs": ["runs"] }] }
          """#)
      let worker = try TestWorker { _ in
        try await untilStopped()
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let build = try await workshop.start("foo")
        try await workshop.wait(for: build) { $0.tasks[0].status == .running && $0.tasks[1].status == .queued }
        try await workshop.repository.cancel(build, by: "ada")
        let view = try await workshop.end(of: build)
        #expect(view.verdict == .cancelled && view.cancelledBy == "ada")
        #expect(view.tasks.map(\.verdict) == [.cancelled, .cancelled, .cancelled])
        #expect(try await workshop.repository.queuedTickets(limit: 10).isEmpty)
      }
    }
  }

  @Test("A build is cancelled although the news that its task has ended waits behind", arguments: StorePair.all)
  func cancellationBeforeNews(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      let build = Mutex<BuildID?>(nil)
      let shell = try TestWorker(controls: 0) { _ in
        begin.yield()
        for await _ in gate { break }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(shell) {
        try await workshop.withWorkers(try TestWorker(shells: 0)) {
          build.withLock { $0 = nil }
          let started = try await workshop.start("foo")
          build.withLock { $0 = started }
          for await _ in begun { break }
        }
        // Nobody moves builds on now: the news and the cancellation both wait, and the cancellation comes first.
        let started = try #require(build.withLock { $0 })
        open.yield()
        try await workshop.waitForChange([NodeMap.queue(QueueClass(kind: .buildControl, labels: []))]) {
          try await workshop.observer.queuedTickets(limit: 10).count == 1
        }
        try await workshop.repository.cancel(started, by: "ada")
        try await workshop.withWorkers(try TestWorker(shells: 0)) {
          let view = try await workshop.end(of: started)
          #expect(view.tasks.map(\.verdict) == [.succeeded, .cancelled])
        }
      }
    }
  }

  @Test(
    "Many builds and few workers: each ends once, each task runs once, nothing is left over", arguments: StorePair.all)
  func many(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      let performed = Mutex<[String: Int]>([:])
      let perform: @Sendable (Assignment) async throws -> Performance = { assignment in
        let name = "\(assignment.attempt.request.build) \(assignment.attempt.task) \(assignment.attempt.number)"
        performed.withLock { $0[name, default: 0] += 1 }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(
        try TestWorker(controls: 2, shells: 2, perform: perform),
        try TestWorker(controls: 2, shells: 2, perform: perform)
      ) {
        let builds = try await withThrowingTaskGroup(of: BuildID.self) { group in
          for _ in 0..<40 { group.addTask { try await workshop.start("foo") } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(builds).count == 40)
        for build in builds { #expect(try await workshop.end(of: build).verdict == .succeeded) }
        #expect(performed.withLock { $0.count } == 80)
        #expect(performed.withLock { $0.values.allSatisfy { $0 == 1 } })
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test(
    "A silent build of one task: three transactions, at most six events, one object write", arguments: StorePair.all
  )
  func cost(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      try await workshop.withWorkers(try TestWorker()) {
        _ = try await workshop.end(of: try await workshop.start("foo"))
        try await workshop.waitUntilBothAreParked()
        // The first build may have found that nobody was parked, which is remembered for a moment.
        workshop.pass(.seconds(1))
        let before = (workshop.coordination.counts, workshop.objects.counts)
        let build = try await workshop.start("foo")
        try await workshop.wait(for: build) { $0.verdict != nil }
        try await workshop.waitUntilBothAreParked()
        let cost = workshop.coordination.counts - before.0
        #expect(cost.transactions == 3)
        // Two wake a parked slot up. The rest are the slots' own changes, of which a watch may see two as one.
        #expect((2...6).contains(cost.watchEvents), "\(cost)")
        // Eight at most, and those of the slow sweep where it falls into the same moment.
        #expect((3...20).contains(cost.reads), "\(cost)")
        #expect((workshop.objects.counts - before.1).writes == 1)
      }
    }
  }
}
