import Foundation
import Model
import TestStores
import Testing

@Suite("What operators do while builds wait and run", .serialized, .timeLimit(.minutes(3)))
struct OperatorTrials {
  @Test("A job is paused, explained and resumed from the command line", arguments: StorePair.all)
  func pause(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything([.buildControl, .executeShell])
      try await site.defineJob("foo", script: "true")
      #expect(try await site.command("job", "pause", "foo", "--by", "ada", "--reason", "moving") == "foo: paused\n")
      let build = try await site.start("foo")
      try await site.wait(for: build, "build-control has taken it in") { $0.started != nil }
      let text = try await site.command("build", "explain", "\(build)")
      #expect(
        text.hasPrefix("\(build): the job is paused since ") && text.contains(" by ada: moving\n  work  "), "\(text)")
      #expect(try await site.command("job", "list").contains("paused by ada"))
      #expect(try await site.command("label", "list").contains("job foo"))
      #expect(try await site.command("job", "resume", "foo") == "foo: resumed\n")
      #expect(try await site.end(of: build).verdict == .succeeded)
      #expect(try await site.command("build", "explain", "\(build)").contains("nothing of it waits"))
    }
  }

  @Test(
    "A worker that is drained from afar finishes what it has and ends; what waits is explained",
    arguments: StorePair.all)
  func drain(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      let workers = try await site.everything([.buildControl, .executeShell])
      let shell = try #require(workers[.executeShell])
      try await site.defineJob("foo", script: site.gate("foo"))
      let first = try await site.start("foo")
      try await site.arrival(at: "foo")
      let name = try #require(try await site.workers().first { $0.process == Int(shell.pid) }).worker
      #expect(try await site.command("worker", "drain", name, "--by", "ada").contains("a task is under way"))
      // A second build finds nobody: the only worker takes no more.
      let second = try await site.start("foo")
      try await site.wait(for: second, "its task is queued") { $0.tasks[0].status == .queued }
      #expect(try await reason(of: second, site).code == "draining")
      try site.open("foo")
      #expect(try await site.end(of: first).verdict == .succeeded)
      #expect(try await shell.end() == 0)
      // Nobody is left, but it is remembered that somebody was there.
      let last = try await reason(of: second, site)
      #expect(last.code == "no-worker" && last.kind == .executeShell && last.lastSeen != nil, "\(last)")
      try await site.worker(.executeShell)
      #expect(try await site.end(of: second).verdict == .succeeded)
      let gone = try await site.answer("POST", "/api/v1/workers/\(name)/drain")
      #expect(gone.status == 404)
    }
  }

  @Test("A label that a lost worker offered is explained with when it was seen last", arguments: StorePair.all)
  func lostLabel(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything([.buildControl, .executeShell])
      let doomed = try await site.worker([.executeShell], options: ["--label", "big"])
      try await doomed.kill()
      try await eventually("its loss is noticed") { try await site.workers().count == 2 }
      try await site.defineJob("foo", script: "true", task: #""labels": ["big"]"#)
      let build = try await site.start("foo")
      try await site.wait(for: build, "its task is queued") { $0.tasks[0].status == .queued }
      try await eventually("the label is remembered") { try await reason(of: build, site).lastSeen != nil }
      let told = try await reason(of: build, site)
      #expect(told.code == "no-label" && told.labels?.map(\.rawValue) == ["big"])
      #expect(told.workers == CountView(Count(1)))
      try await site.worker([.executeShell], options: ["--label", "big"])
      #expect(try await site.end(of: build).verdict == .succeeded)
    }
  }

  private func reason(of build: BuildID, _ site: Site) async throws -> ReasonView {
    let path = "/api/v1/jobs/\(build.job)/builds/\(build.number)/explanation"
    let view = try await site.answer("GET", path).json(ExplanationView.self)
    return try #require(view.tasks.first).reason
  }
}
