import Coordination
import Execution
import Foundation
import Model
import ObjectStorage
import SharedRepository
import TestStores
import Testing
import Workers

/// Tasks whose files are dealt out to parts, and what builds learn from the test reports that these write.
@Suite(.timeLimit(.minutes(3)))
struct SplitTests {
  /// Each file says how long it takes; the one called 3 fails now and then, and the part that has it is tried again.
  private static let job = #"""
    { "job": "library", "tasks": [
      { "name": "files", "type": "execute-shell",
        "script": "mkdir tests; for n in 1 2 3 4 5; do echo 10 >tests/$n.t; done; echo 60 >tests/6.t" },
      { "name": "suite", "type": "execute-shell", "retry": { "attempts": 2 }, "reports": ["reports/*.xml"],
        "split": { "into": 3, "files": "tests/*.t" },
        "script": "mkdir reports\nreport=reports/$DISTCI_SPLIT_INDEX.xml\n{ echo '<testsuite>'\nfor file in $(tr '\\0' ' ' <\"$DISTCI_SPLIT_FILES\"); do\n  echo \"<testcase classname='$file' name='runs' time='$(cat $file)'>\"\n  if [ $DISTCI_BUILD$DISTCI_ATTEMPT$file = 11tests/3.t ]; then echo \"<failure message='no luck'/>\"; fi\n  echo '</testcase>'\ndone\necho '</testsuite>'; } >$report\nif grep failure $report; then exit 1; fi" },
      { "name": "after", "type": "execute-shell", "needs": ["suite"],
        "script": "cat reports/0.xml reports/1.xml reports/2.xml | grep -c testcase.class | grep -x 6" } ] }
    """#

  private func withScratch(_ body: (TestWorker) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/distci-split-\(UUID().uuidString.prefix(8))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let configuration = WorkerConfiguration(scratchDirectory: folder, cacheDirectory: folder + "/cache")
    let runner = CommandRunner(runner: try RunnerLocation.find())
    try await body(try TestWorker(performers: [ExecuteShellPerformer(configuration, runner: runner)]))
  }

  private func push(_ commit: String) throws -> StartRequest {
    let push = BuildCause.Push(repository: "octo/library", ref: "refs/heads/main", commit: commit)
    return StartRequest(job: try JobName("library"), cause: .push(push))
  }

  @Test(
    "Files are dealt out by what they took before, a part that fails is tried again alone, and a flaky test is found out",
    arguments: StorePair.all)
  func story(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      try await withScratch { worker in
        try await workshop.withWorkers(worker) {
          let first = try await workshop.repository.start(try push("c0ffee"))
          let unlearned = try await workshop.end(of: first)
          #expect(unlearned.verdict == .succeeded)
          #expect(unlearned.tasks.map(\.name.rawValue) == ["files", "suite-0", "suite-1", "suite-2", "after"])
          #expect(unlearned.tasks.map(\.attempts.count) == [1, 1, 1, 2, 1])
          #expect(unlearned.tasks.map { $0.attempts.last?.tests } == [nil, 2, 2, 2, nil])
          let parts = try await self.parts(of: first, workshop)
          #expect(parts == [["tests/1.t", "tests/4.t"], ["tests/2.t", "tests/5.t"], ["tests/3.t", "tests/6.t"]])

          let second = try await workshop.repository.start(try push("decade"))
          let learned = try await workshop.end(of: second)
          #expect(learned.verdict == .succeeded)
          let better = try await self.parts(of: second, workshop)
          #expect(better == [["tests/6.t"], ["tests/1.t", "tests/3.t", "tests/5.t"], ["tests/2.t", "tests/4.t"]])
          // There is one slot: the order of the queue is the order in which the parts began.
          let began = learned.tasks[1...3].compactMap { $0.attempts.first?.started?.time }
          #expect(began.count == 3 && began == began.sorted())
          try await self.checkHistory(workshop)
        }
      }
      try await workshop.expectNothingLeft()
    }
  }

  private func parts(of build: BuildID, _ workshop: Workshop) async throws -> [[String]]? {
    let request = try await workshop.observer.endedBuild(build)?.record.request
    return try await workshop.observer.deal(of: try #require(request), task: try TaskName("suite"))?.parts
  }

  private func checkHistory(_ workshop: Workshop) async throws {
    let job = try JobName("library")
    let tests = try await workshop.observer.tests(of: job, after: nil, limit: 100)
    #expect(tests.map(\.name) == (1...6).map { "tests/\($0).t.runs" })
    // The part that was tried again ran both of its files twice.
    #expect(tests.map(\.runs) == [2, 2, 3, 2, 2, 3])
    #expect(tests.map(\.failures) == [0, 0, 1, 0, 0, 0])
    #expect(tests.map(\.flaky) == [false, false, true, false, false, false])
    #expect(tests.last?.medianMilliseconds == 60_000)
    let flaky = try await workshop.observer.test(of: job, named: "tests/3.t.runs")
    #expect(flaky.undecided == ["c0ffee"])
    #expect(flaky.results.map { [$0.build, $0.attempt] } == [[2, 1], [1, 2], [1, 1]])
    #expect(flaky.results.map(\.outcome) == [.passed, .passed, .failed])
    #expect(flaky.results.last?.message == "no luck" && flaky.results.allSatisfy { $0.task.rawValue == "suite" })
  }

  @Test("Whoever ends a build that another began to end keeps its results once", arguments: StorePair.all)
  func interruptedEnd(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let result = TestResult(name: "a/b", outcome: .passed, milliseconds: 5)
      let worker = try TestWorker { assignment in
        try await assignment.storage.putTests(AttemptTests(results: [result], times: [:]))
        var performance = Performance(.succeeded)
        performance.tests = 1
        return performance
      }
      try await workshop.withWorkers(worker) {
        let build = try await workshop.start("foo")
        _ = try await workshop.end(of: build)
        let before = try await workshop.observer.test(of: build.job, named: "a/b")
        #expect(before.results.map(\.build) == [1])
        // As when the one before died between the object and the entry that leads to it.
        let objects = workshop.observer.objects
        let (index, key) = (ObjectMap.tests(of: build.job), ObjectMap.buildEntry(1))
        try await objects.update(index, [IndexChange(key: key, value: nil)])
        let ended = try #require(try await workshop.observer.endedBuild(build)).record
        for _ in 0..<2 {
          let tests = try #require(try await workshop.observer.testsAtEnd(of: ended))
          #expect(tests.notes == [])
          try await workshop.observer.keep(tests, of: ended.request, version: 7)
        }
        #expect(try await workshop.observer.test(of: build.job, named: "a/b") == before)
      }
    }
  }

  @Test("The first deal of a build stands, whatever is learned meanwhile", arguments: StorePair.all)
  func firstDeal(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      func request(_ id: String) throws -> BuildRequest {
        BuildRequest(
          build: BuildID(job: try JobName("foo"), number: 1), requestID: id, jobRevision: "", parameters: [:],
          cause: .request, requested: workshop.observer.now(), depth: 0, priority: 0)
      }
      let build = try request("one")
      let task = try TaskName("suite")
      let deals = [Deal(["a", "b"], into: 2), Deal(["a", "b"], into: 2, times: ["a": 1, "b": 2])]
      #expect(deals[0] != deals[1])
      for deal in deals {
        #expect(try await workshop.observer.settle(deal, of: build, task: task) == deals[0])
      }
      #expect(try await workshop.repository.deal(of: build, task: task) == deals[0])
      // Another build of that number, as after a lost write, has files of its own.
      #expect(try await workshop.repository.deal(of: request("two"), task: task) == nil)
    }
  }
}
