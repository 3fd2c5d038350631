import Foundation
import Glibc
import Model
import Testing

/// A site where one process after the other is killed, each replaced at once, and all else goes on.
actor Stage {
  private let site: Site
  private let victim: Victim
  private let repository: LocalRepository
  private let port: Int
  private let slots: Int
  private var others: DistCIProcess?
  private var scenes = 0

  /// - Parameter slots: how many tickets of each kind the others take at a time.
  static func set(_ site: Site, for victim: Victim, slots: Int = 1) async throws -> Stage {
    let (frontend, url) = try await site.frontend()
    let repository = try await site.defineChain()
    try await site.defineJob(
      file: #"""
        { "job": "held", "parameters": [{ "name": "gate", "type": "string" }], "tasks": [
          { "name": "work", "type": "execute-shell", "environment": { "GATES": "\#(site.folder.gates)" },
            "script": "touch $GATES/at.$DISTCI_PARAMETER_GATE; until [ -e $GATES/open.$DISTCI_PARAMETER_GATE ]; do sleep 0.02; done" }] }
        """#)
    try await site.defineJob(
      "pushed", script: "true", job: #""triggers": [{ "on": "push", "repository": "octo/library" }]"#)
    if victim == .frontend {
      frontend.signal(SIGTERM)
      _ = try await frontend.end()
    }
    let stage = Stage(site, victim, repository, port: try #require(URL(string: url)?.port), slots: slots)
    try await stage.startOthers()
    return stage
  }

  private init(_ site: Site, _ victim: Victim, _ repository: LocalRepository, port: Int, slots: Int) {
    self.site = site
    self.victim = victim
    self.repository = repository
    self.port = port
    self.slots = slots
  }

  private func startOthers() async throws {
    others = try await site.worker(victim.others, options: ["--slots", String(slots)])
  }

  /// Plays an act in which nobody dies who does not die in it anyway.
  func play(_ act: Act) async throws { try await play(act, failpoints: nil) { _ in } }

  /// Plays an act, and writes down which failpoints the victim passes.
  func rehearse(_ act: Act) async throws -> Set<Killing> {
    scenes += 1
    let file = "passes.\(scenes)"
    try await play(act, failpoints: "record:\(site.folder.path)/\(file)") { _ in }
    let lines = (site.folder.contents(file) ?? "").split(separator: "\n")
    return Set(
      lines.compactMap { line in
        let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
        guard parts.count == 3, let number = Int(parts[1]) else { return nil }
        return Killing(
          victim: victim, act: act, place: Killing.Place(moment: parts[0], site: parts[2]), number: number)
      })
  }

  /// Plays an act in which the victim dies.
  ///
  /// - Returns: whether it did: what is done may differ from time to time.
  func perform(_ killing: Killing, for trial: Trial) async throws -> Bool {
    var isDead = false
    try await play(killing.act, failpoints: killing.failpoints) { process in
      isDead = process.wasKilled
      guard process.wasKilled else { return }
      let died = ContinuousClock.now
      trial.injected()
      guard victim != .frontend, killing.act != .recovery else { return }
      try await self.site.forgets(process)
      trial.recovered(after: ContinuousClock.now - died)
    }
    return isDead
  }

  /// Leaves the site with a frontend, for the checker.
  func clear() async throws {
    if victim == .frontend { _ = try await site.frontend(port: port) }
  }

  private func play(
    _ act: Act, failpoints: String?, ended: (DistCIProcess) async throws -> Void
  ) async throws {
    scenes += 1
    let process = try enter(failpoints)
    async let replacement = replaced(process)
    if try await process.logsOrDies(victim.greeting) {}
    try await perform(act, process)
    process.signal(SIGTERM)
    let successor = try await replacement
    try await ended(process)
    successor.signal(SIGTERM)
    #expect(try await successor.end() == 0)
  }

  /// Waits for a process's end, and starts another one in its place.
  private func replaced(_ process: DistCIProcess) async throws -> DistCIProcess {
    try await eventually("\(process) is gone") { !process.isRunning }
    let successor = try enter(nil)
    try #require(try await successor.logsOrDies(victim.greeting))
    return successor
  }

  private func enter(_ failpoints: String?) throws -> DistCIProcess {
    switch victim {
    case .worker(let kind):
      try site.startWorker([kind], options: ["--slots", String(slots)], failpoints: failpoints)
    case .frontend: try site.startFrontend(port: port, failpoints: failpoints)
    }
  }

  private func perform(_ act: Act, _ process: DistCIProcess) async throws {
    switch act {
    case .arrival: return
    case .builds: try await builds()
    case .cancellation: try await cancellation()
    case .recovery: try await recovery()
    case .departure: try await departure(of: process)
    }
  }

  private func builds() async throws {
    let chain = try await site.start("library", parameters: ["repository": repository.url])
    let commit = String((0..<40).compactMap { _ in "0123456789abcdef".randomElement() })
    let hook = Webhook(push: commit, to: "octo/library", delivery: UUID().uuidString)
    let answer = try await site.answer("POST", "/webhooks/github", body: hook.body, headers: hook.headers())
    let pushed = try #require(try answer.json(Webhook.Answer.self).started.first).id
    site.acknowledge(pushed)
    try await site.chainEnds(chain)
    #expect(try await site.end(of: pushed).verdict == .succeeded)
    #expect(try await site.log(of: chain, task: "test").contains("\(Counting.mark)1000"))
    _ = try await site.workers()
    _ = try await site.answer("GET", "/api/v1/queue")
    _ = try await site.answer("GET", "/api/v1/jobs")
  }

  private func cancellation() async throws {
    let (build, _) = try await heldBuild()
    let path = "/api/v1/jobs/\(build.job)/builds/\(build.number)/cancel"
    let answer = try await site.answer("POST", path, body: Data(#"{"by": "the trial"}"#.utf8))
    #expect((200..<300).contains(answer.status))
    #expect(try await site.end(of: build).verdict == .cancelled)
  }

  private func recovery() async throws {
    let (build, gate) = try await heldBuild()
    let killed = try #require(others)
    try await killed.kill()
    if victim != .frontend { try await site.forgets(killed) }
    try await startOthers()
    try site.folder.write("", to: "gates/open.\(gate)")
    #expect(try await site.end(of: build).verdict == .succeeded)
  }

  private func departure(of process: DistCIProcess) async throws {
    let chain = try await site.start("library", parameters: ["repository": repository.url])
    process.signal(SIGTERM)
    try await site.chainEnds(chain)
  }

  private func heldBuild() async throws -> (BuildID, gate: String) {
    let gate = UUID().uuidString
    let build = try await site.start("held", parameters: ["gate": gate])
    let folder = site.folder
    try await eventually("the command stands at its gate") { folder.contents("gates/at.\(gate)") != nil }
    return (build, gate)
  }
}
