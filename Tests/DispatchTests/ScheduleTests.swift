import Coordination
import Model
import SharedRepository
import TestStores
import Testing
import Workers

@Suite(.timeLimit(.minutes(3)))
struct ScheduleTests {
  private let nightly: JobName

  init() throws { nightly = try JobName("nightly") }

  private func file(_ cron: String, _ more: String = "", parameters: String = "[]") -> String {
    #"""
    { "job": "nightly", "parameters": \#(parameters), "triggers": [{ "on": "schedule", "cron": "\#(cron)"\#(more) }],
      "tasks": [{ "name": "a", "type": "execute-shell", "script": "true" }] }
    """#
  }

  private func next(_ workshop: Workshop) async throws -> Timestamp {
    try #require(try await workshop.observer.jobView(nightly).schedules?.first?.next).time
  }

  private func build(_ number: Int) -> BuildID { BuildID(job: nightly, number: number) }

  /// Waits until a build has been started, and has ended.
  private func end(_ number: Int, _ workshop: Workshop) async throws -> BuildView {
    let observer = workshop.observer
    try await workshop.waitForChange([NodeMap.job(nightly)]) {
      let node = try await observer.session.read(NodeMap.job(nightly))
      return (node.flatMap { Int(String(decoding: $0.data, as: UTF8.self)) } ?? 0) > number
    }
    return try await workshop.end(of: build(number))
  }

  @Test(
    "A nightly build starts every night, once; of nights when all was down, the latest is made up",
    arguments: StorePair.all)
  func nights(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: file("17 3 * * *", #", "timezone": "Europe/Helsinki""#))
      let first = try await next(workshop)
      #expect(first.text.hasPrefix("2023-11-15T01:17:"))
      try await workshop.withWorkers(try TestWorker(), try TestWorker(shells: 0), try TestWorker(shells: 0)) {
        try await workshop.leap(to: first)
        let view = try await end(1, workshop)
        #expect(view.verdict == .succeeded && view.cause.event == "schedule" && view.cause.scheduled?.time == first)
        let second = try await next(workshop)
        #expect(second.since(first) == .seconds(86_400))
        try await workshop.leap(to: second.adding(.seconds(30)))
        #expect(try await end(2, workshop).cause.scheduled?.time == second)
      }
      let third = try await next(workshop)
      try await workshop.leap(to: third.adding(.seconds(3 * 86_400 + 3_600)))
      try await workshop.withWorkers(try TestWorker(), try TestWorker(shells: 0)) {
        #expect(try await end(3, workshop).cause.scheduled?.time == third.adding(.seconds(3 * 86_400)))
        let sixth = try await next(workshop)
        try await workshop.leap(to: sixth)
        // Had anything else been started in between, this one had another number.
        #expect(try await end(4, workshop).cause.scheduled?.time == sixth)
      }
      #expect(try await workshop.observer.builds(of: nightly, limit: 10).count == 4)
      try await workshop.expectNothingLeft()
    }
  }

  @Test("However many processes fire a schedule at the same time, each instant has one build", arguments: StorePair.all)
  func race(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: file("*/10 * * * *", #", "catchUp": "all""#))
      let first = try await next(workshop)
      try await workshop.leap(to: first.adding(.seconds(3_000)))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          let session = try await workshop.coordination.openSession()
          let repository = SharedRepository(
            session: session, objects: workshop.objects, now: workshop.repository.now)
          group.addTask {
            try await session.synchronize()
            let due = try await repository.fireSchedules(of: nightly)
            await session.close()
            #expect(due == first.adding(.seconds(3_600)))
          }
        }
        try await group.waitForAll()
      }
      var instants: [Timestamp] = []
      for summary in try await workshop.observer.builds(of: nightly, limit: 100).reversed() {
        let cause = try await workshop.observer.build(build(summary.build)).cause
        instants.append(try #require(cause.scheduled).time)
      }
      #expect(instants == (0...5).map { first.adding(.seconds(600 * $0)) })
    }
  }

  @Test("When who fires schedules is killed, another one does", arguments: StorePair.all)
  func killed(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: file("H/30 * * * *"))
      let doomed = try TestWorker(controls: 0, shells: 1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await workshop.run(doomed) }
        try await workshop.waitForChange([NodeMap.roles, NodeMap.role("recovery")]) {
          try await workshop.observer.session.read(NodeMap.role("recovery")) != nil
        }
        try await workshop.withWorkers(try TestWorker()) {
          await doomed.kill()
          try await workshop.leap(to: try await next(workshop))
          #expect(try await end(1, workshop).verdict == .succeeded)
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("A job that is changed or deleted takes its schedule with it", arguments: StorePair.all)
  func changed(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: file("0 3 * * *"))
      let first = try await next(workshop)
      // The same schedule goes on where it was.
      try await workshop.leap(to: first.adding(.seconds(60)))
      try await workshop.defineJob(file: file("0 3 * * *", #", "catchUp": "latest""#))
      #expect(try await next(workshop) == first)
      try await workshop.defineJob(file: file("0 5 * * *"))
      let other = try await next(workshop)
      #expect(other.text.contains("T05:00:"))
      try await workshop.withWorkers(try TestWorker()) {
        try await workshop.leap(to: other)
        #expect(try await end(1, workshop).cause.scheduled?.time == other)
        try await workshop.repository.deleteJob(nightly)
      }
      #expect(try await workshop.observer.dueSchedules().isEmpty)
      #expect(try await workshop.observer.builds(of: nightly, limit: 10).count == 1)
      // Without triggers, nothing is left to wait for either.
      try await workshop.defineJob(file: file("0 5 * * *"))
      try await workshop.defineJob("nightly")
      #expect(try await workshop.repository.dueSchedules().isEmpty)
    }
  }

  @Test(
    "What somebody left half-way who applied or deleted a job is put right, also after a wipe", arguments: StorePair.all
  )
  func settled(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: file("0 3 * * *"))
      let (repository, path) = (workshop.repository, NodeMap.schedules(of: nightly))
      let node = try #require(try await repository.session.read(path))
      try await repository.session.delete(path)
      try await repository.settleClockTriggers()
      #expect(try await repository.dueSchedules().keys.sorted() == [nightly])
      try await repository.deleteJob(nightly)
      #expect(try await repository.session.read(path) == nil)
      try await repository.session.create(path, node.data)
      // Who wanted to fire it finds that there is no such job.
      try await workshop.leap(to: Timestamp(milliseconds: 1_800_000_000_000))
      #expect(try await repository.fireSchedules(of: nightly) == nil)
      #expect(try await repository.session.read(path) == nil)
      try await repository.session.create(path, node.data)
      try await repository.settleClockTriggers()
      #expect(try await repository.session.read(path) == nil)
      #expect(try await repository.builds(of: nightly, limit: 10).isEmpty)
    }
  }

  @Test("A job that cannot be started says so, and its schedule goes on", arguments: StorePair.all)
  func refused(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: file("0 3 * * *", parameters: #"[{ "name": "must" }]"#))
      let first = try await next(workshop)
      try await workshop.leap(to: first)
      let later = try await workshop.repository.fireSchedules(of: nightly)
      #expect(later == first.adding(.seconds(86_400)))
      let view = try #require(try await workshop.repository.jobView(nightly).schedules?.first)
      #expect(view.last?.time == first && view.error?.contains("must") == true)
      try await workshop.defineJob(file: file("0 3 * * *"))
      try await workshop.leap(to: first.adding(.seconds(86_400)))
      _ = try await workshop.repository.fireSchedules(of: nightly)
      let mended = try #require(try await workshop.repository.jobView(nightly).schedules?.first)
      #expect(mended.error == nil)
      // What could not be started took no number.
      #expect(try await workshop.repository.builds(of: nightly, limit: 10).map(\.build) == [1])
    }
  }
}
