import Coordination
import Model
import ObjectStorage
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// What is kept of the tests of a build: what it ended with.
@Suite(.timeLimit(.minutes(3)))
struct TestRecordTests {
  private static let job = """
    { "job": "foo", "tasks": [
      { "name": "unit", "type": "execute-shell", "script": "true" },
      { "name": "system", "type": "execute-shell", "script": "true" }
    ] }
    """

  /// Tells of one test by the task's name; the second task waits for a word.
  private func worker(_ gate: AsyncStream<Void>, _ begun: AsyncStream<Void>.Continuation) throws -> TestWorker {
    try TestWorker { assignment in
      let name = assignment.task.name.rawValue
      if name == "system" {
        begun.yield()
        for await _ in gate { break }
      }
      let result = TestResult(name: name, outcome: .passed, milliseconds: 5)
      try await assignment.storage.putTests(AttemptTests(results: [result], times: [:]))
      var performance = Performance(.succeeded)
      performance.tests = 1
      return performance
    }
  }

  @Test("An end that does not come about keeps nothing; one that does keeps all, once", arguments: StorePair.all)
  func contested(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      try await workshop.withWorkers(try worker(gate, begin)) {
        let observer = workshop.observer
        let build = try await workshop.start("foo")
        for await _ in begun { break }
        // Somebody is about to end the build after its first task, as by a cancel, gets as far as the tests, and is overtaken
        // by an end from the same version.
        let running = try #require(try await observer.runningBuild(build))
        let early = try #require(try await observer.testsAtEnd(of: running.record))
        #expect(early.results.runs.map(\.result.name) == ["unit"])
        let ended = EndedBuild(record: running.record, version: running.version, started: [], notes: [])
        #expect(try await observer.record(ended, after: running).0 == .done)
        try await observer.keep(early, of: running.record.request, version: running.version)
        #expect(try await observer.tests(of: build.job, after: nil, limit: 10) == [])
        open.yield()
        #expect(try await workshop.end(of: build).verdict == .succeeded)
        let tests = try await observer.tests(of: build.job, after: nil, limit: 10)
        #expect(tests.map(\.name) == ["system", "unit"] && tests.allSatisfy { $0.runs == 1 })
        // The one who was overtaken wakes up too late.
        try await observer.keep(early, of: running.record.request, version: running.version)
        #expect(try await workshop.repository.tests(of: build.job, after: nil, limit: 10) == tests)
        let stored = try await observer.objects.value(
          in: ObjectMap.tests(of: build.job), at: ObjectMap.buildEntry(build.number))
        let entry = try JSONBytes.decode(StoredTests.self, from: try #require(stored))
        #expect(entry.runs == 2 && entry.earlier.map(\.version) == [running.version])
        // Of what was kept in vain nothing is left.
        let folder = ObjectKey("tests/\(build)/\(ObjectKey.escape(entry.end.requestID))")
        #expect(try await observer.objects.stat(folder / "\(running.version)" / "results") == nil)
        #expect(try await observer.objects.stat(folder / "\(entry.end.version)" / "results") != nil)
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A list of tests is read once, and says which builds are left out", arguments: StorePair.all)
  func reading(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let job = try JobName("foo")
      for number in 1...4 {
        let request = BuildRequest(
          build: BuildID(job: job, number: number), requestID: "\(number)", jobRevision: "", parameters: [:],
          cause: .request, requested: workshop.observer.now(), depth: 0, priority: 0)
        let runs = try (0..<40_000).map { test in
          TestRun(
            task: try TaskName("t"), attempt: 1,
            result: TestResult(name: "test \(100_000 + test)", outcome: .passed, milliseconds: number))
        }
        let results = BuildTests(build: number, commit: nil, finished: workshop.observer.now(), runs: runs)
        try await workshop.observer.keep(
          EndedTests(results: results, times: [:], notes: []), of: request, version: 3)
      }
      let first = try await workshop.repository.tests(of: job, after: nil, limit: 2)
      // Of 160,000 results those of two builds are few enough.
      #expect(first.map(\.span) == Array(repeating: TestSpan(builds: 2, leftOut: 2), count: 2))
      #expect(first.map(\.runs) == [2, 2] && first.map(\.build) == [4, 4])
      let counts = workshop.objects.counts
      let second = try await workshop.repository.tests(of: job, after: first.last?.name, limit: 2)
      #expect(second.map(\.name) == ["test 100002", "test 100003"])
      _ = try await workshop.repository.test(of: job, named: "test 100002")
      #expect(workshop.objects.counts - counts == ObjectCounts(writes: 0, reads: 2), "one look at an index each")
    }
  }
}
