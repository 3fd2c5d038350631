import Model
import Testing

@testable import Commands

@Suite struct BuildProgressTests {
  @Test func `the live line says how long, how far, and what runs`() throws {
    let view = try BuildFixture.view(tasks: [("a", .ended, .succeeded), ("b", .running, nil), ("c", .queued, nil)])
    let now = Timestamp(milliseconds: view.requested.time.milliseconds + 65_000)
    #expect(
      BuildProgress.line(view, now: now)
        == "library/12  1 m 05 s  1 of 3 tasks  running: b  waiting for a worker: c")
  }

  @Test func `a change of a task is told once`() throws {
    let first = try BuildFixture.view(tasks: [("a", .running, nil), ("b", .waiting, nil)])
    let second = try BuildFixture.view(tasks: [("a", .ended, .failed), ("b", .ended, .skipped)])
    #expect(BuildProgress.changes(from: nil, to: first) == ["library/12 a: running"])
    #expect(BuildProgress.changes(from: first, to: first) == [])
    #expect(BuildProgress.changes(from: first, to: second) == ["library/12 a: failed", "library/12 b: skipped"])
  }
}
