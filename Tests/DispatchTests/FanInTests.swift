import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

@Suite(.timeLimit(.minutes(3)))
struct FanInTests {
  private let release: JobName

  init() throws { release = try JobName("release") }

  /// Two jobs that start a third one together.
  private func define(_ workshop: Workshop) async throws {
    for name in ["style", "tests"] {
      try await workshop.defineJob(
        file: #"""
          { "job": "\#(name)", "tasks": [{ "name": "a", "type": "execute-shell", "script": "true" }],
            "then": [{ "job": "release", "all": ["style", "tests"], "parameters": { "by": "${job}" } },
              { "job": "release", "all": ["tests", "style"], "parameters": { "by": "again" } }] }
          """#)
    }
    try await workshop.defineJob(
      file: #"""
        { "job": "release", "parameters": [{ "name": "by" }],
          "tasks": [{ "name": "a", "type": "execute-shell", "script": "true" }] }
        """#)
  }

  private func commit(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 40 - digits.count) + digits
  }

  private func start(_ job: String, _ number: Int, _ workshop: Workshop) async throws -> BuildID {
    let push = BuildCause.Push(repository: "octo/library", ref: "refs/heads/main", commit: commit(number))
    return try await workshop.repository.start(StartRequest(job: try JobName(job), cause: .push(push)))
  }

  private func releases(_ workshop: Workshop) async throws -> [BuildView] {
    var views: [BuildView] = []
    for summary in try await workshop.observer.builds(of: release, limit: 100).reversed() {
      views.append(try await workshop.end(of: BuildID(job: release, number: summary.build)))
    }
    return views
  }

  @Test("A job starts when the builds of both others are green for the same commit, once", arguments: StorePair.all)
  func story(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define(workshop)
      try await workshop.withWorkers(try TestWorker(shells: 2)) {
        let style = try await workshop.end(of: try await start("style", 1, workshop))
        #expect(style.startedBuilds.isEmpty)
        #expect(
          style.notes.contains { $0.contains("release was not started yet: no green build of tests") }, "\(style.notes)"
        )
        // Of another commit.
        #expect(try await workshop.end(of: try await start("tests", 2, workshop)).startedBuilds.isEmpty)
        let tests = try await workshop.end(of: try await start("tests", 1, workshop))
        #expect(tests.startedBuilds == [BuildReference(BuildID(job: release, number: 1))])
        let view = try await workshop.end(of: BuildID(job: release, number: 1))
        #expect(view.parameters == ["by": "tests"] && view.cause.event == "continuation")
        #expect(view.cause.build == BuildReference(BuildID(job: tests.job, number: 2)))
        #expect(view.cause.together == [BuildReference(BuildID(job: style.job, number: 1))])
        // The first of the two knows it as well, though it had ended before.
        let first = try await workshop.observer.build(BuildID(job: style.job, number: 1))
        #expect(first.startedBuilds == tests.startedBuilds && first.notes.isEmpty, "\(first.notes)")
        // Both again, at the same commit: it has been released.
        for job in ["style", "tests"] {
          #expect(try await workshop.end(of: try await start(job, 1, workshop)).startedBuilds.isEmpty)
        }
        #expect(try await releases(workshop).count == 1)
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("It is the latest build of a commit that must be green", arguments: StorePair.all)
  func latest(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define(workshop)
      let red = Mutex<Set<BuildID>>([])
      let worker = try TestWorker(shells: 2) { assignment in
        Performance(red.withLock { $0.contains(assignment.attempt.request.build) } ? .failed : .succeeded)
      }
      red.withLock { red in
        for number in [2, 3] { red.insert(BuildID(job: (try? JobName("style")) ?? release, number: number)) }
      }
      try await workshop.withWorkers(worker) {
        // Green, then red, then the other: it waits.
        _ = try await workshop.end(of: try await start("style", 1, workshop))
        #expect(try await workshop.end(of: try await start("style", 1, workshop)).verdict == .failed)
        #expect(try await workshop.end(of: try await start("tests", 1, workshop)).startedBuilds.isEmpty)
        #expect(try await workshop.end(of: try await start("style", 1, workshop)).verdict == .failed)
        let green = try await workshop.end(of: try await start("style", 1, workshop))
        #expect(green.startedBuilds.map(\.build) == [1])
      }
    }
  }

  @Test(
    "Of builds that end at the same time, one starts what follows, also when build-control is killed",
    arguments: StorePair.all)
  func race(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define(workshop)
      let doomed = try TestWorker(controls: 2, shells: 0)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await workshop.run(doomed) }
        try await workshop.withWorkers(try TestWorker(controls: 3, shells: 4), try TestWorker(controls: 3, shells: 4)) {
          let builds = try await withThrowingTaskGroup(of: BuildID.self) { starts in
            for number in 1...12 {
              for job in ["style", "tests"] { starts.addTask { try await start(job, number, workshop) } }
            }
            return try await starts.reduce(into: []) { $0.append($1) }
          }
          await doomed.kill()
          var started: [BuildReference] = []
          for build in builds { _ = try await workshop.end(of: build) }
          for build in builds { started += try await workshop.observer.build(build).startedBuilds }
          // Both that were waited for name it.
          #expect(started.map(\.build).sorted() == (1...12).flatMap { [$0, $0] })
          for view in try await releases(workshop) { #expect(view.verdict == .succeeded) }
        }
        try await group.waitForAll()
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A build without a commit starts nothing together with others, and says so", arguments: StorePair.all)
  func withoutCommit(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define(workshop)
      try await workshop.withWorkers(try TestWorker()) {
        let view = try await workshop.end(of: try await workshop.start("style"))
        #expect(view.notes.contains { $0.contains("release was not started") && $0.contains("commit") })
      }
      #expect(try await workshop.observer.session.children(of: NodeMap.joins) == nil)
    }
  }

  @Test("What is old is forgotten", arguments: StorePair.all)
  func sweep(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define(workshop)
      try await workshop.withWorkers(try TestWorker()) {
        _ = try await workshop.end(of: try await start("style", 1, workshop))
      }
      let session = workshop.observer.session
      let bucket = try #require(try await session.children(of: NodeMap.joins)?.first)
      for (age, count) in [(JoinSweep.lifetime - .seconds(60), 1), (JoinSweep.lifetime + .seconds(60), 0)] {
        let time = workshop.observer.now().adding(age)
        var sweep = JoinSweep(session: session, now: { time })
        try await sweep.step()
        #expect(try await session.children(of: NodeMap.joins / bucket)?.count == count)
      }
    }
  }
}
