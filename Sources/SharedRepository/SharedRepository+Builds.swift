package import Coordination
package import Model
import ObjectStorage

/// A build that has not ended, as it stood when it was read.
package struct RunningBuild: Sendable {
  package var record: BuildRecord
  /// Of its node.
  package var version: Int
  /// The object that holds the record, when it is too large for the node.
  var object: ObjectKey?
  /// Where the states of its tasks stand, when they do not stand in the record.
  package var pages = StoredPages()
}

extension SharedRepository {
  /// The build, if it has not ended.
  package func runningBuild(_ build: BuildID) async throws -> RunningBuild? {
    var missing: Int?
    while let node = try await session.read(NodeMap.build(build)) {
      let object = try overflowObject(of: node.data)
      if let (record, pages) = try await record(BuildRecord.self, of: build, from: node.data) {
        return RunningBuild(record: record, version: node.version, object: object, pages: pages)
      }
      // The objects of an earlier state are removed once the next one stands there: look again, but not for ever.
      guard node.version != missing else {
        throw RepositoryError(.damaged, "the state of build \(build) is gone", remedy: "start the build again")
      }
      missing = node.version
      try await session.synchronize()
    }
    return nil
  }

  /// The data of a running build's node.
  ///
  /// - Parameter earlier: the state that it takes the place of.
  package func nodeData(
    of record: BuildRecord, after earlier: RunningBuild? = nil
  ) async throws -> (data: [UInt8], pages: StoredPages) {
    try await stored(
      record, of: record.request.build, limit: CoordinationLimits.nodeSize, after: earlier?.pages ?? StoredPages())
  }

  /// Removes what an earlier state of a build left in the object store, if anything.
  ///
  /// - Parameter pages: of the state that stands in its place, or in history.
  package func forget(_ earlier: RunningBuild, but pages: StoredPages) async throws {
    if let object = earlier.object { try await objects.delete(object) }
    try await forget(earlier.pages, of: earlier.record.request.build, but: pages)
  }

  /// The build, if it has ended.
  package func endedBuild(_ build: BuildID) async throws -> EndedBuild? {
    let key = ObjectMap.buildEntry(build.number)
    guard let entry = try await objects.value(in: ObjectMap.builds(of: build.job), at: key) else { return nil }
    return try await endedBuild(build, entry)
  }

  /// Reads an entry of history.
  func endedBuild(_ build: BuildID, _ entry: [UInt8]) async throws -> EndedBuild {
    guard let (ended, _) = try await record(EndedBuild.self, of: build, from: entry) else {
      throw RepositoryError(.damaged, "the record of an ended build is gone", remedy: "restore a backup")
    }
    return ended
  }

  /// The build as it is now.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func build(_ build: BuildID) async throws -> BuildView {
    if let view = try await known(build) { return view }
    // Somebody else may have been told of it already, by another session.
    try await session.synchronize()
    guard let view = try await known(build) else { throw RepositoryError.noBuild(build) }
    return view
  }

  private func known(_ build: BuildID) async throws -> BuildView? {
    // What runs is looked for first: a build is in history before it stops running, so it is always in one of the two.
    if let running = try await runningBuild(build) { return try await view(of: running.record) }
    guard let ended = try await endedBuild(build) else { return nil }
    var view = try await view(of: ended.record)
    let awaited = ended.awaited ?? []
    let following = awaited.isEmpty ? [] : try await following(build)
    view.startedBuilds = (ended.started + following).map(BuildReference.init)
    let open = awaited.filter { awaited in !following.contains { $0.job == awaited.job } }
    view.notes = ended.notes + open.map(\.note)
    return view
  }

  /// The build now, and whenever it has changed since, also when a worker takes a ticket of it; finishes after the element
  /// that has a verdict.
  package func watchBuild(_ build: BuildID) -> AsyncThrowingStream<BuildView, any Error> {
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: BuildView.self, throwing: (any Error).self, bufferingPolicy: .bufferingNewest(1))
    // The stream's consumer owns this task through the stream: it ends with the build, or with the stream.
    let task = Task {
      do {
        try await BuildWatch(repository: self, build: build).run { continuation.yield($0) }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  /// The job's builds, newest first.
  ///
  /// - Parameters:
  ///   - before: only builds with smaller numbers.
  ///   - limit: 1 to 1,000.
  package func builds(of job: JobName, before: Int? = nil, limit: Int) async throws -> [BuildSummary] {
    var found: [Int: BuildSummary] = [:]
    let below = before ?? Int.max
    for number in try await runningNumbers(of: job).filter({ $0 < below }).prefix(limit) {
      let build = BuildID(job: job, number: number)
      guard let running = try await runningBuild(build) else { continue }
      found[number] = BuildSummary(running.record.request, verdict: nil, finished: nil)
    }
    let after = before.map(ObjectMap.buildEntry) ?? ""
    for entry in try await objects.entries(in: ObjectMap.builds(of: job), after: after, limit: limit) {
      guard let number = ObjectMap.buildNumber(ofEntry: entry.key), found[number] == nil else { continue }
      let ended = try await endedBuild(BuildID(job: job, number: number), entry.value).record
      found[number] = BuildSummary(ended.request, verdict: ended.state.verdict, finished: ended.state.finished)
    }
    return found.sorted { $0.key > $1.key }.prefix(limit).map(\.value)
  }

  /// The newest build that ended, and ended well if asked; none of a pull request from a fork.
  package func latestBuild(of job: JobName, succeeded: Bool) async throws -> EndedBuild? {
    var after = ""
    while true {
      let entries = try await objects.entries(in: ObjectMap.builds(of: job), after: after, limit: succeeded ? 50 : 10)
      for entry in entries {
        guard let number = ObjectMap.buildNumber(ofEntry: entry.key) else { continue }
        // An entry may stand there a moment before its build has ended.
        let build = BuildID(job: job, number: number)
        if try await session.read(NodeMap.build(build)) != nil { continue }
        let ended = try await endedBuild(build, entry.value)
        // What rolls back an environment need not have built anything.
        if ended.record.request.isRollback { continue }
        // Nobody asked for what strangers made, or for what a file on some branch made.
        if ended.record.request.isOfFork || ended.record.request.isAside { continue }
        if !succeeded || ended.record.state.verdict == .succeeded { return ended }
      }
      guard let last = entries.last else { return nil }
      after = last.key
    }
  }

  /// Asks build-control to end the build.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`, or `conflict` when it has ended already.
  package func cancel(_ build: BuildID, by who: String) async throws {
    guard let running = try await runningBuild(build) else {
      guard try await endedBuild(build) == nil else {
        throw RepositoryError(.conflict, "build \(build) has ended already", remedy: "there is nothing to cancel")
      }
      throw RepositoryError.noBuild(build)
    }
    // Who cancels twice posts no second ticket, once the first has been heard.
    guard running.record.state.cancelled == nil else { return }
    let by = who.bounded(to: 100)
    try await poster.post([.advance(.cancel(by: by, at: now()), after: running.record.request, at: now())]) {
      // A second ticket would do no harm: a build is cancelled once.
      false
    }
  }

  func runningNumbers(of job: JobName) async throws -> [Int] {
    var numbers: [Int] = []
    for bucket in try await session.children(of: NodeMap.builds(of: job)) ?? [] {
      numbers += (try await session.children(of: NodeMap.builds(of: job) / bucket) ?? []).compactMap { Int($0) }
    }
    return numbers.sorted(by: >)
  }
}

extension BuildSummary {
  init(_ request: BuildRequest, verdict: Verdict?, finished: Timestamp?) {
    self.init(
      job: request.build.job, build: request.build.number, verdict: verdict, event: request.cause.event,
      requested: InstantText(request.requested), finished: finished.map(InstantText.init))
  }
}
