import Model
import Testing

struct TestHistoryTests {
  private func build(_ number: Int, _ commit: String?, _ runs: [(String, TestOutcome, Int)], task: String = "suite")
    throws -> BuildTests
  {
    BuildTests(
      build: number, commit: commit, finished: Timestamp(milliseconds: Int64(number)),
      runs: try runs.enumerated().map { index, run in
        TestRun(
          task: try TaskName(task), attempt: index + 1,
          result: TestResult(name: run.0, outcome: run.1, milliseconds: run.2))
      })
  }

  private func history(_ builds: [BuildTests]) throws -> TestHistory {
    try #require(TestHistory.all(in: builds, named: "t").first)
  }

  @Test("A test is flaky when it passed as well as failed with the same commit in the same task, in builds or attempts")
  func flaky() throws {
    let attempts = try history([build(1, "c1", [("t", .failed, 1), ("t", .passed, 1)])])
    #expect(attempts.undecided == ["c1"])
    #expect(attempts.entries.map(\.run.attempt) == [2, 1])
    let builds = try history([build(3, "c2", [("t", .passed, 1)]), build(2, "c2", [("t", .failed, 1)])])
    #expect(builds.undecided == ["c2"])
    let mended = try history([build(3, "c3", [("t", .passed, 1)]), build(2, "c2", [("t", .failed, 1)])])
    #expect(mended.undecided.isEmpty)
    // Without a commit nothing tells that two builds are of the same.
    let unknown = try history([build(2, nil, [("t", .passed, 1)]), build(1, nil, [("t", .failed, 1)])])
    #expect(unknown.undecided.isEmpty)
    let skipped = try history([build(2, "c", [("t", .skipped, 1)]), build(1, "c", [("t", .failed, 1)])])
    #expect(skipped.undecided.isEmpty && skipped.runs.count == 1)
    // With another compiler it may well fail each time.
    let matrix = try history([
      build(1, "c", [("t", .passed, 1)], task: "test-gcc"), build(1, "c", [("t", .failed, 1)], task: "test-clang"),
    ])
    #expect(matrix.undecided.isEmpty)
    #expect(matrix.last == .failed && matrix.runs.count == 2)
    #expect(attempts.last == .passed && skipped.last == .skipped)
  }

  @Test("A test that fails in one task of the newest build fails, whatever the others say")
  func last() throws {
    var both = try build(2, "c", [("t", .failed, 1)], task: "test-gcc")
    both.runs += try build(2, "c", [("t", .passed, 1)], task: "test-clang").runs
    #expect(try history([both, build(1, "b", [("t", .passed, 1)])]).last == .failed)
    #expect(try history([build(3, "d", [("t", .passed, 1)]), both]).last == .passed)
  }

  @Test("The trend compares the newer half of the runs with the older")
  func trend() throws {
    let took = [40, 30, 30, 9, 20, 10]
    let builds = try took.enumerated().map { try build(100 - $0, "c\($0)", [("t", .passed, $1)]) }
    #expect(try history(builds).median == 30)
    #expect(try history(builds).trend == 3)
    #expect(try history(Array(builds.prefix(3))).trend == nil)
    let view = try #require(TestSummaryView(try history(builds), TestSpan(builds: builds.count)))
    #expect(view.build == 100 && view.last == .passed && view.runs == 6 && view.failures == 0 && !view.flaky)
  }

  @Test("Histories are bounded, and in the order of names")
  func bounds() throws {
    let builds = try (0..<300).map { try build(300 - $0, "c", [("t", .passed, 1), ("a/b", .failed, 2)]) }
    let all = TestHistory.all(in: builds)
    #expect(all.map(\.name) == ["a/b", "t"])
    #expect(all.allSatisfy { $0.entries.count == TestLimits.history && $0.entries.first?.build == 300 })
    #expect(TestHistory.all(in: builds, named: "b").isEmpty)
  }

  @Test("Of results with the same name one that failed decides, and they took what all of them took")
  func merged() {
    let results = [
      TestResult(name: "b", outcome: .skipped, milliseconds: 0),
      TestResult(name: "a", outcome: .passed, milliseconds: 3),
      TestResult(name: "a", outcome: .failed, milliseconds: 4, message: "no"),
      TestResult(name: "a", outcome: .passed, milliseconds: 5),
      TestResult(name: "b", outcome: .passed, milliseconds: 1),
    ]
    #expect(
      TestResult.merged(results) == [
        TestResult(name: "a", outcome: .failed, milliseconds: 12, message: "no"),
        TestResult(name: "b", outcome: .passed, milliseconds: 1),
      ])
  }
}
