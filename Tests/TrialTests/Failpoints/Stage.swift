import Foundation
import Glibc
import Model
import Testing

/// A site where each kind of process stands once, and some of them die in each scene, are replaced at once, and all else goes
/// on.
actor Stage {
  let site: Site
  let repository: LocalRepository
  private let port: Int
  private let slots: Int
  private(set) var present: [Victim: DistCIProcess] = [:]
  private var scenes = 0

  /// The label that all workers offer.
  static let label = "odd"

  /// - Parameter slots: how many tickets each worker takes at a time.
  static func set(_ site: Site, slots: Int = 1) async throws -> Stage {
    let (frontend, url) = try await site.frontend()
    let repository = try await site.defineChain()
    try await defineJobs(on: site)
    try await defineReaders(on: site, repository)
    frontend.signal(SIGTERM)
    _ = try await frontend.end()
    return Stage(site, repository, port: try #require(URL(string: url)?.port), slots: slots)
  }

  private init(_ site: Site, _ repository: LocalRepository, port: Int, slots: Int) {
    self.site = site
    self.repository = repository
    self.port = port
    self.slots = slots
  }

  /// Plays an act in which nobody dies who does not die in it anyway.
  func play(_ act: Act) async throws {
    try await enterMissing()
    try await perform(act, by: [:])
  }

  /// Plays an act, and writes down which failpoints everybody passes who has a part in it.
  func rehearse(_ act: Act) async throws -> Set<Killing> {
    scenes += 1
    let victims = Victim.all.filter { $0.acts.contains(act) }
    let files = Dictionary(uniqueKeysWithValues: victims.map { ($0, "passes.\(scenes).\($0)") })
    try await play(act, failpoints: files.mapValues { "record:\(site.folder.path)/\($0)" })
    return files.reduce(into: []) { $0.formUnion(passes(in: $1.value, of: $1.key, act)) }
  }

  private func passes(in file: String, of victim: Victim, _ act: Act) -> Set<Killing> {
    let lines = (site.folder.contents(file) ?? "").split(separator: "\n")
    return Set(
      lines.compactMap { line in
        let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
        guard parts.count == 3, let number = Int(parts[1]) else { return nil }
        return Killing(
          victim: victim, act: act, place: Killing.Place(moment: parts[0], site: parts[2]), number: number)
      })
  }

  /// Plays an act in which several die, each at a place of its own.
  ///
  /// - Parameter early: whether they come before all others, and so have the roles.
  /// - Returns: who did: what is done may differ from time to time.
  func perform(_ killings: [Killing], early: Bool, for trial: Trial) async throws -> Set<Victim> {
    let failpoints = Dictionary(uniqueKeysWithValues: killings.map { ($0.victim, $0.failpoints) })
    if early { try await dismissAll(where: \.mayHaveRoles) }
    let dead = try await play(killings[0].act, failpoints: failpoints, early: early) {
      // For a moment there was nobody who could take anything back.
      early || trial.recovered(after: $0)
    }
    if !dead.isEmpty { trial.injected(dead.count) }
    return dead
  }

  @discardableResult
  private func play(
    _ act: Act, failpoints: [Victim: String], early: Bool = false,
    recovered: @escaping @Sendable (Duration) -> Bool = { _ in true }
  ) async throws -> Set<Victim> {
    for victim in failpoints.keys {
      if let process = present.removeValue(forKey: victim) { try await dismiss(process) }
    }
    // All come at the same time, as when a machine starts.
    let actors = try Dictionary(uniqueKeysWithValues: failpoints.map { ($0, try enter($0, $1)) })
    async let replacements = replaced(actors)
    async let retaking: Void = retaken(from: actors, in: act, recovered)
    if early { for (victim, process) in actors { _ = try await process.logsOrDies(victim.greeting) } }
    try await enterMissing(but: Set(actors.keys))
    for (victim, process) in actors { _ = try await process.logsOrDies(victim.greeting) }
    try await perform(act, by: actors)
    for process in actors.values { process.signal(SIGTERM) }
    present.merge(try await replacements) { $1 }
    try await retaking
    return Set(actors.filter { $0.value.wasKilled }.keys)
  }

  private func replaced(_ actors: [Victim: DistCIProcess]) async throws -> [Victim: DistCIProcess] {
    try await withThrowingTaskGroup(of: (Victim, DistCIProcess).self) { group in
      for (victim, process) in actors { group.addTask { (victim, try await self.replaced(process, victim)) } }
      var successors: [Victim: DistCIProcess] = [:]
      for try await (victim, process) in group { successors[victim] = process }
      return successors
    }
  }

  private func retaken(
    from actors: [Victim: DistCIProcess], in act: Act, _ recovered: @escaping @Sendable (Duration) -> Bool
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (victim, process) in actors {
        group.addTask {
          guard try await !self.retaken(from: process, victim, in: act, recovered) else { return }
          say("trials: \(process) was killed as \(victim) in \(act); the processes said:")
          say((Array(actors.values) + self.site.processes).transcripts)
        }
      }
      try await group.waitForAll()
    }
  }

  /// Waits for a process's end, and starts another one in its place.
  private func replaced(_ process: DistCIProcess, _ victim: Victim) async throws -> DistCIProcess {
    try await eventually("\(process) is gone", within: .seconds(120)) { !process.isRunning }
    let successor = try enter(victim, nil)
    try #require(try await successor.logsOrDies(victim.greeting))
    return successor
  }

  /// Waits for a process's end, and, if it was killed, until nothing is in its hands any more.
  ///
  /// - Returns: whether that was in time.
  private func retaken(
    from process: DistCIProcess, _ victim: Victim, in act: Act, _ recovered: @Sendable (Duration) -> Bool
  ) async throws -> Bool {
    try await eventually("\(process) is gone", within: .seconds(120)) { !process.isRunning }
    // Where all others die as well, there is nobody for a moment who takes anything back.
    guard process.wasKilled, case .worker = victim, act != .recovery, let died = process.died else { return true }
    try await site.forgets(process)
    return recovered(ContinuousClock.now - died)
  }

  private func dismiss(_ process: DistCIProcess) async throws {
    process.signal(SIGTERM)
    #expect(try await process.end() == 0)
  }

  private func dismissAll(where condition: (Victim) -> Bool) async throws {
    let leaving = present.filter { condition($0.key) }
    for (victim, process) in leaving {
      present[victim] = nil
      process.signal(SIGTERM)
    }
    for process in leaving.values { #expect(try await process.end() == 0) }
  }

  /// Has everybody on the stage who is not there.
  func enterMissing(but others: Set<Victim> = []) async throws {
    for victim in Victim.all where !others.contains(victim) && present[victim]?.isRunning != true {
      present[victim] = try enter(victim, nil)
    }
    for (victim, process) in present { try #require(try await process.logsOrDies(victim.greeting)) }
  }

  private func enter(_ victim: Victim, _ failpoints: String?) throws -> DistCIProcess {
    switch victim {
    case .worker(let kind):
      try site.startWorker(
        [kind], options: ["--slots", String(slots), "--label", Self.label], failpoints: failpoints)
    case .frontend: try site.startFrontend(port: port, failpoints: failpoints)
    case .pool: try site.startPool(capacity: 1, options: ["--kind", "execute-shell"], failpoints: failpoints)
    }
  }
}
