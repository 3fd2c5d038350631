import Coordination
import Model
import SharedRepository

/// The end of a build: it goes into history, and what its job's `then` names is started in the very transaction that
/// removes it from what runs.
struct Conclusion: Sendable {
  let repository: SharedRepository
  let running: RunningBuild

  /// - Returns: `nil` when the build must be read again first.
  func step(_ state: BuildState) async throws -> Step? {
    let request = running.record.request
    let build = request.build
    let job = try await repository.job(build.job, revision: request.jobRevision)
    let verdict = state.verdict ?? .errored
    var numbers = BuildNumbers()
    var groups = GroupBook(session: repository.session, now: repository.now)
    let following = try await repository.leave(state.group, of: build, &groups)
    var continuations = Continuations(repository: repository, request: request, verdict: verdict)
    let commit = job.then.isEmpty ? nil : state.commit(try await repository.plan(of: request))
    try await continuations.prepare(job.then, at: commit, &numbers, &groups)
    var (started, notes) = (continuations.builds, continuations.notes)
    if var kept = try await KeptStarts.of(state, request, job, in: repository, &notes) {
      do {
        try await kept.prepare(&numbers, &groups)
      } catch is JobFileReaderChanged {
        return nil
      }
      started += kept.builds
      notes += kept.notes
    }
    let record = BuildRecord(request: request, state: state)
    let tests = try await repository.testsAtEnd(of: record)
    return try await step(
      EndedBuild(
        record: record, version: running.version, started: started.map(\.build), notes: notes + (tests?.notes ?? []),
        awaited: continuations.awaited.isEmpty ? nil : continuations.awaited),
      tests, starting: started, numbers.changes + groups.changes + continuations.changes, following)
  }

  /// The end of a build that cannot go on: nothing follows from it, and what runs for it counts for nothing.
  ///
  /// - Returns: `nil` when the build must be read again first.
  func abandon(_ state: BuildState, because reason: String) async throws -> Step? {
    let build = running.record.request.build
    let places = try await repository.places(of: build)
    guard places.count <= Self.mostPlaces else {
      try await withdraw(places.prefix(Self.mostPlaces), of: build)
      return nil
    }
    var state = state
    let (calls, changes) = try await leaveEnvironments(state.leaveAll())
    let record = BuildRecord(request: running.record.request, state: state)
    let tests = try await readableTests(of: record)
    let ended = EndedBuild(
      record: record, version: running.version, started: [],
      notes: ["the build was given up: \(reason)".bounded(to: 400)] + (tests?.notes ?? []))
    var groups = GroupBook(session: repository.session, now: repository.now)
    let following = try await repository.leave(state.group, of: build, &groups)
    guard var step = try await step(ended, tests, starting: [], groups.changes + changes, following + calls) else {
      return nil
    }
    for (ticket, place) in places {
      if case .queued(let record) = place { step.changes.insert(.delete(record.entry, expecting: nil), at: 0) }
      step.changes.insert(.delete(NodeMap.place(of: build, ticket: ticket), expecting: nil), at: 0)
    }
    return step
  }

  /// What a build that cannot go on told of tests; nothing where its plan is what cannot be read.
  private func readableTests(of record: BuildRecord) async throws -> EndedTests? {
    do {
      return try await repository.testsAtEnd(of: record)
    } catch let error as RepositoryError where error.code != .unavailable && error.code != .noSpace {
      return nil
    }
  }

  private func step(
    _ ended: EndedBuild, _ tests: EndedTests?, starting builds: [PreparedBuild], _ changes: [Change],
    _ following: [Ticket]
  ) async throws -> Step? {
    try await repository.promiseArtifacts(of: ended.record)
    let (recorded, pages) = try await repository.record(ended, after: running)
    guard recorded == .done else { return nil }
    // Of two ends only one stands in history from a version: no other can have kept its results so late.
    if let tests { try await repository.keep(tests, of: ended.record.request, version: running.version) }
    let node = NodeMap.build(ended.record.request.build)
    return Step(
      changes: [.delete(node, expecting: running.version)] + changes + builds.map(\.creation),
      tickets: following + builds.flatMap(\.tickets), pages: pages)
  }

  /// Tickets that are taken out of their queues in the transaction that gives a build up.
  private static let mostPlaces = 200

  /// Takes tickets away before the build is given up, where there are too many for one transaction.
  private func withdraw(_ places: some Sequence<(key: String, value: TicketPlace)>, of build: BuildID) async throws {
    for (ticket, place) in places {
      var changes = [Change.delete(NodeMap.place(of: build, ticket: ticket), expecting: nil)]
      if case .queued(let record) = place { changes.append(.delete(record.entry, expecting: nil)) }
      do {
        try await repository.session.transaction(changes)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
  }

  /// Gives back the places of tasks that end because the build does.
  private func leaveEnvironments(_ places: [EnvironmentPlace]) async throws -> ([Ticket], [Change]) {
    var book = EnvironmentBook(session: repository.session, now: repository.now)
    var calls: [Ticket] = []
    for target in Set(places.map(\.environment)).sorted() {
      calls += try await book.leave(running.record.request.build, task: nil, at: target)
    }
    return (calls, try book.changes)
  }
}
