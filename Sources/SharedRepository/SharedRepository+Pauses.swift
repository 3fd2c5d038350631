import Coordination
package import Model
import ObjectStorage

/// Pausing and resuming. The record in the object store is what lasts; the node is what build-control and the workers see.
/// The record goes first, so that whatever was acknowledged outlives the coordination store.
extension SharedRepository {
  /// Makes a job's builds, the tickets that ask for a label, or what deploys to an environment, wait. Pausing what is
  /// paused changes who, when and why.
  ///
  /// - Throws: ``RepositoryError`` with `notFound` for a job that there is not, and `conflict` when too much is paused.
  @discardableResult
  package func pause(_ subject: PauseSubject, by who: String, reason: String?) async throws -> Pause {
    if case .job(let job) = subject { _ = try await storedJob(job) }
    let pause = Pause(by: who, at: now(), reason: reason)
    let key = ObjectMap.pauseEntry(subject)
    let known = try await objects.entries(in: ObjectMap.pauses, after: "", limit: Pause.most)
    guard known.count < Pause.most || known.contains(where: { $0.key == key }) else {
      throw RepositoryError(
        .conflict, "\(Pause.most) jobs, labels and environments are paused already",
        remedy: "resume some: see 'distci label list'")
    }
    let data = try JSONBytes.encode(pause)
    try await objects.update(ObjectMap.pauses, [IndexChange(key: key, value: data)])
    let path = NodeMap.pause(of: subject)
    if let parent = path.parent { try await session.createAll(parent) }
    while true {
      do {
        let present = try await session.read(path)
        try await session.transaction([
          present == nil ? .create(path, data, .persistent) : .write(path, data, expecting: present?.version)
        ])
        return pause
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
  }

  /// Ends a pause, and starts what waited for it. Does nothing where there is none.
  package func resume(_ subject: PauseSubject) async throws {
    try await objects.update(ObjectMap.pauses, [IndexChange(key: ObjectMap.pauseEntry(subject), value: nil)])
    let path = NodeMap.pause(of: subject)
    while let (pause, version) = try await pause(of: subject) {
      var ending = pause
      ending.isEnding = true
      do {
        try await session.write(path, try JSONBytes.encode(ending), expecting: version)
        break
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
    try await finishResuming(subject)
  }

  /// What is paused now, with the version of its node.
  package func pause(of subject: PauseSubject) async throws -> (Pause, version: Int)? {
    let path = NodeMap.pause(of: subject)
    // Mostly nothing is paused, and that is known without asking.
    guard let folder = path.parent, try await session.settledChildren(of: folder)?.contains(path.name) == true,
      let node = try await session.read(path)
    else { return nil }
    return (try JSONBytes.decode(Pause.self, from: node.data), node.version)
  }

  /// The pause as it is on record; `nil` when there is none.
  func pause(onRecord subject: PauseSubject) async throws -> Pause? {
    try await objects.value(in: ObjectMap.pauses, at: ObjectMap.pauseEntry(subject)).map {
      try JSONBytes.decode(Pause.self, from: $0)
    }
  }

  /// All that is paused, by the record that lasts.
  package func pauses() async throws -> [(PauseSubject, Pause)] {
    try await objects.entries(in: ObjectMap.pauses, after: "", limit: Pause.most).compactMap { entry in
      guard let subject = ObjectMap.pauseSubject(ofEntry: entry.key) else { return nil }
      return (subject, try JSONBytes.decode(Pause.self, from: entry.value))
    }
  }

  /// Finishes what somebody began who ended a pause and was lost before everything that waited had been started.
  package func finishResuming() async throws {
    for name in try await session.children(of: NodeMap.jobPauses) ?? [] {
      if let job = try? JobName(name) { try await finishResuming(.job(job)) }
    }
    for name in try await session.children(of: NodeMap.labelPauses) ?? [] {
      if let label = try? Label(name) { try await finishResuming(.label(label)) }
    }
    for name in try await session.children(of: NodeMap.environmentPauses) ?? [] {
      if let environment = try? DeployTarget(name) { try await finishResuming(.environment(environment)) }
    }
  }

  /// Starts what waited, if the pause is ending, and forgets the pause then: whoever is lost in the middle leaves the node.
  private func finishResuming(_ subject: PauseSubject) async throws {
    guard let (pause, version) = try await pause(of: subject), pause.isEnding else { return }
    switch subject {
    case .job(let job): try await callBuilds(of: job)
    case .label(let label): try await Recovery(session: session, now: now).offerQueued { $0.contains(label) }
    case .environment(let environment): try await callHolder(of: environment)
    }
    do {
      try await session.delete(NodeMap.pause(of: subject), expecting: version)
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      // Paused again, finished by somebody else, or left to the next sweep.
      return
    }
  }

  /// Calls build-control for each build that has something left to post. Called twice, it does nothing the second time. One
  /// that has not begun is called by the ticket that starts it, which stands in its group's queue if it has to wait there.
  private func callBuilds(of job: JobName) async throws {
    for number in try await runningNumbers(of: job).reversed() {
      guard let running = try await runningBuild(BuildID(job: job, number: number)) else { continue }
      let state = running.record.state
      guard state.started != nil, state.hasReadyTasks else { continue }
      try await poster.post([.advance(.start, after: running.record.request, at: now())]) { false }
    }
  }

  /// The changes that put the pauses on record into a coordination tree that has none.
  func restoringPauses() async throws -> [Change] {
    let nodes = try await pauses().map { subject, pause in
      Change.create(NodeMap.pause(of: subject), try JSONBytes.encode(pause), .persistent)
    }
    return [NodeMap.pauses, NodeMap.jobPauses, NodeMap.labelPauses, NodeMap.environmentPauses].map {
      .create($0, [], .persistent)
    } + nodes
  }
}
