import Foundation
import Glibc
import Model
import Testing

/// What happens on a stage. Every act may meet any process dying, and being replaced, in the middle of it.
extension Stage {
  static func defineJobs(on site: Site) async throws {
    let gate = """
      GATES=\(site.folder.gates)
      touch $GATES/at.$DISTCI_PARAMETER_GATE
      until [ -e $GATES/open.$DISTCI_PARAMETER_GATE ]; do sleep 0.02; done
      """
    let parameter = #""parameters": [{ "name": "gate", "type": "string" }]"#
    try await site.defineJob("held", script: gate, job: parameter)
    let trigger = #""triggers": [{ "on": "push", "repository": "octo/library" }]"#
    try await site.defineJob("pushed", script: "true", job: trigger)
    try await site.defineSample("promote")
    try await site.defineJob("grouped", script: "true", job: #""concurrency": { "group": "one at a time" }"#)
    try await site.defineJob(
      "tried", script: "[ $DISTCI_ATTEMPT -ge 2 ]", task: #""retry": { "attempts": 3, "wait": "1s" }"#)
    try await site.defineJob("shipping", script: "true", task: shipping)
    try await site.defineJob("labelled", script: "true", task: #""labels": ["\#(label)"]"#)
    try await site.defineJob(file: dealt)
  }

  /// Both parts tell of the same test, and a task joins that was not there before.
  private static let dealt = #"""
    { "job": "dealt", "tasks": [
      { "name": "files", "type": "execute-shell", "script": "touch a b" },
      { "name": "suite", "type": "execute-shell", "split": { "into": 2, "files": "?" }, "reports": ["*.xml"],
        "script": "echo '<testsuite><testcase name=\"t\"/></testsuite>' >$DISTCI_SPLIT_INDEX.xml" },
      { "name": "more", "type": "execute-shell", "needs": ["files"], "generates": "tasks.json",
        "script": "echo '[{\"name\": \"last\", \"type\": \"execute-shell\", \"script\": \"true\"}]' >tasks.json" } ] }
    """#

  /// - Parameter actors: those on the stage who may die at any time.
  func perform(_ act: Act, by actors: [Victim: DistCIProcess]) async throws {
    switch act {
    case .arrival: return
    case .builds: try await builds()
    case .waiting: try await waiting()
    case .cancellation: try await cancellation()
    case .recovery: try await recovery(by: actors)
    case .scaling: try await scaling()
    case .news: try await news()
    case .departure: try await departure(of: actors)
    }
  }

  private func builds() async throws {
    let chain = try await site.start("library", parameters: ["repository": repository.url])
    let promotion = try await site.start("promote", parameters: ["repository": repository.url])
    let pushed = try #require(try await push(to: "octo/library").first)
    try await site.chainEnds(chain)
    #expect(try await site.end(of: promotion).verdict == .succeeded)
    #expect(try await site.end(of: pushed).verdict == .succeeded)
    #expect(try await site.log(of: chain, task: "test").contains("\(Counting.mark)1000"))
    for path in ["workers", "queue", "jobs", "jobs/library/builds/\(chain.number)/explanation"] {
      #expect(try await site.answer("GET", "/api/v1/\(path)").status == 200)
    }
    try await site.defineJob("passing", script: "true")
    let removal = try await site.answer("DELETE", "/api/v1/jobs/passing")
    // Asked once more after the answer was lost, there is nothing to remove any more.
    #expect(removal.status == 404 || (200..<300).contains(removal.status))
  }

  private func waiting() async throws {
    try await deploying()
    let pauses = ["jobs/pushed", "labels/\(Self.label)"]
    for subject in pauses {
      #expect(try await site.answer("PUT", "/api/v1/\(subject)/pause", body: Data("{}".utf8)).status < 300)
    }
    var builds: [BuildID] = []
    for job in ["pushed", "labelled", "tried", "grouped", "grouped", "grouped", "dealt"] {
      builds.append(try await site.start(job))
    }
    for subject in pauses {
      #expect([204, 404].contains(try await site.answer("DELETE", "/api/v1/\(subject)/pause").status))
    }
    for build in builds {
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded, "\(view)")
    }
    try await testsAreKeptOnce(by: try #require(builds.last))
  }

  private func testsAreKeptOnce(by build: BuildID) async throws {
    let answer = try await site.answer("GET", "/api/v1/jobs/\(build.job)/tests/t")
    let results = try answer.json(TestView.self).results.filter { $0.build == build.number }
    #expect(results.map(\.task.rawValue) == ["suite", "suite"], "\(results)")
  }

  private func cancellation() async throws {
    let (build, _) = try await heldBuild()
    let behind = try await site.start("held", parameters: ["gate": UUID().uuidString])
    for build in [behind, build] {
      let path = "/api/v1/jobs/\(build.job)/builds/\(build.number)/cancel"
      let answer = try await site.answer("POST", path, body: Data(#"{"by": "the trial"}"#.utf8))
      // Asked once more after the answer was lost, the frontend may find the build ended.
      #expect(answer.status == 409 || (200..<300).contains(answer.status))
    }
    for build in [behind, build] { #expect(try await site.end(of: build).verdict == .cancelled) }
  }

  private func recovery(by actors: [Victim: DistCIProcess]) async throws {
    let (build, gate) = try await heldBuild()
    let killed = present.filter { if case .worker = $0.key { actors[$0.key] == nil } else { false } }
    for process in killed.values { process.signal(SIGSTOP) }
    for process in killed.values { try await process.kill() }
    try await enterMissing(but: Set(actors.keys))
    try site.folder.write("", to: "gates/open.\(gate)")
    #expect(try await site.end(of: build).verdict == .succeeded)
  }

  private func scaling() async throws {
    for number in [1, 0] {
      let body = Data(#"{"wanted": \#(number)}"#.utf8)
      let answer = try await site.answer("PUT", "/api/v1/scale/execute-shell/-", body: body)
      #expect(answer.status < 300)
      try await site.settles(at: number)
    }
    for list in ["scale", "pools"] { #expect(try await site.answer("GET", "/api/v1/\(list)").status == 200) }
  }

  private func departure(of actors: [Victim: DistCIProcess]) async throws {
    let chain = try await site.start("library", parameters: ["repository": repository.url])
    for (victim, process) in actors where victim != .frontend { process.signal(SIGTERM) }
    try await site.chainEnds(chain)
    let told = Victim.worker(.copyArtifacts)
    guard actors[told] == nil, let worker = present[told] else { return }
    try await drain(worker)
    try await enterMissing(but: Set(actors.keys))
  }

  /// Has a worker told to stop by a frontend.
  private func drain(_ worker: DistCIProcess) async throws {
    let name = try #require(try await site.workers().first { $0.process == Int(worker.pid) }?.worker)
    let answer = try await site.answer("POST", "/api/v1/workers/\(name)/drain", body: Data("{}".utf8))
    // Asked once more after the answer was lost, there may be no such worker any more.
    #expect(answer.status == 404 || (200..<300).contains(answer.status))
    #expect(try await worker.end() == 0)
  }

  private func heldBuild() async throws -> (BuildID, gate: String) {
    let gate = UUID().uuidString
    let build = try await site.start("held", parameters: ["gate": gate])
    let folder = site.folder
    try await eventually("the command stands at its gate") { folder.contents("gates/at.\(gate)") != nil }
    return (build, gate)
  }
}
