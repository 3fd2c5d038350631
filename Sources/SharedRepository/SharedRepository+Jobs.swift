import Coordination
import Crypto
package import Model
import ObjectStorage

extension SharedRepository {
  /// Stores a job, as a new one or in place of the one of that name. Builds that run keep the revision that they have.
  @discardableResult
  package func apply(_ job: Job) async throws -> JobView {
    let text = Array(job.json.utf8)
    let revision = SHA256.hash(data: text).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    try await objects.put(text, at: ObjectMap.job(job.name, revision: revision))
    var stored = StoredJob(revision: revision, updated: now(), description: job.description)
    stored.reads = job.reading?.work.repository
    let key = ObjectMap.jobEntry(job.name)
    while true {
      let known = try await objects.value(in: ObjectMap.jobs, at: key)
      if let kept = try known.flatMap({ try decodeJob($0).kept }) { throw RepositoryError.kept(job.name, kept) }
      let before = try await known.asyncMap { try await self.job(job.name, revision: decodeJob($0).revision) }
      var entries = [
        IndexChange(
          key: key, value: try JSONBytes.encode(stored), expecting: known.map(IndexChange.Expectation.value) ?? .absent)
      ]
      let wanted = triggerEntries(of: job)
      entries += (before.map(triggerEntries) ?? []).subtracting(wanted).map { IndexChange(key: $0, value: nil) }
      entries += wanted.map { IndexChange(key: $0, value: [0x2D]) }
      do {
        try await objects.update(ObjectMap.jobs, entries)
      } catch let error as ObjectStoreError where error.code == .conditionFailed {
        continue
      }
      try await createCounter(job.name)
      if job.waitsForTime || before?.waitsForTime == true { try await settleClockTriggers(of: job.name) }
      return view(job.name, stored)
    }
  }

  /// The job as it is now.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func job(_ name: JobName) async throws -> (job: Job, revision: String) {
    let stored = try await storedJob(name)
    if let kept = stored.kept, !kept.isDefined { throw RepositoryError.undefined(name, kept) }
    return (try await job(name, revision: stored.revision), stored.revision)
  }

  /// A job's text of one revision.
  package func job(_ name: JobName, revision: String) async throws -> Job {
    if let known = jobCache.job(revision) { return known }
    guard let text = try await objects.read(ObjectMap.job(name, revision: revision)) else {
      throw RepositoryError(.damaged, "the text of job \(name) is gone", remedy: "apply the job again")
    }
    do {
      let job = try JobFile.parse(text, file: name.rawValue)
      jobCache.keep(job, revision: revision)
      return job
    } catch {
      throw RepositoryError(.damaged, "the stored text of job \(name) cannot be read", remedy: "apply the job again")
    }
  }

  /// The job as it is now; of one that is kept in a repository, and not on its default branch, as it was built last.
  package func shownJob(_ name: JobName) async throws -> Job {
    try await job(name, revision: try await storedJob(name).revision)
  }

  package func jobView(_ name: JobName) async throws -> JobView {
    let stored = try await storedJob(name)
    var view = try await withLatest(view(name, stored))
    if try await job(name, revision: stored.revision).waitsForTime {
      view.schedules = try await scheduleRecord(of: name)?.record.states.map(ScheduleView.init)
      view.polls = try await pollRecord(of: name)?.states.map(PollView.init)
    }
    view.paused = try await pause(onRecord: .job(name)).map { PauseView(.job(name), $0) }
    return view
  }

  /// Jobs in the order of their names.
  ///
  /// - Parameter limit: 1 to 1,000.
  package func jobs(after: JobName?, limit: Int) async throws -> [JobView] {
    let start = after.map(ObjectMap.jobEntry) ?? "job="
    let pauses = Dictionary(uniqueKeysWithValues: try await pauses())
    var views: [JobView] = []
    for entry in try await objects.entries(in: ObjectMap.jobs, after: start, limit: limit) {
      guard entry.key.hasPrefix("job="), let name = try? JobName(String(entry.key.dropFirst(4))) else { continue }
      var view = try await withLatest(view(name, decodeJob(entry.value)))
      view.paused = pauses[.job(name)].map { PauseView(.job(name), $0) }
      views.append(view)
    }
    return views
  }

  /// Removes the job. What it built stays; nothing starts it any more.
  package func deleteJob(_ name: JobName) async throws {
    let stored = try await storedJob(name)
    let job = try await job(name, revision: stored.revision)
    let keptEntry = stored.kept.map { ObjectMap.keptEntry($0.by, name) }
    try await objects.update(
      ObjectMap.jobs,
      ([ObjectMap.jobEntry(name), keptEntry].compactMap(\.self) + triggerEntries(of: job)).map {
        IndexChange(key: $0, value: nil)
      })
    if job.waitsForTime { try await settleClockTriggers(of: name) }
    // Its builds end as any others do.
    try await resume(.job(name))
  }

  /// The jobs that a push to one of these repositories may start.
  package func jobs(pushedTo repositories: [String]) async throws -> [JobName] {
    try await jobs(below: repositories.map(ObjectMap.pushPrefix))
  }

  /// The jobs that a pull request to one of these repositories may start.
  func jobs(askedFor repositories: [String]) async throws -> [JobName] {
    try await jobs(below: repositories.map(ObjectMap.pullPrefix))
  }

  private func jobs(below prefixes: [String]) async throws -> [JobName] {
    var names: Set<JobName> = []
    for prefix in prefixes {
      var last = prefix
      while true {
        let entries = try await objects.entries(in: ObjectMap.jobs, after: last, limit: 1_000)
        let matching = entries.prefix { $0.key.hasPrefix(prefix) }
        names.formUnion(matching.compactMap { try? JobName(String($0.key.dropFirst(prefix.count))) })
        guard let next = matching.last, matching.count == 1_000 else { break }
        last = next.key
      }
    }
    return names.sorted()
  }

  func storedJob(_ name: JobName) async throws -> StoredJob {
    guard let entry = try await objects.value(in: ObjectMap.jobs, at: ObjectMap.jobEntry(name)) else {
      throw RepositoryError.noJob(name)
    }
    return try decodeJob(entry)
  }

  func decodeJob(_ bytes: [UInt8]) throws -> StoredJob {
    if let known = jobCache.entry(bytes) { return known }
    let entry = try JSONBytes.decode(StoredJob.self, from: bytes)
    jobCache.keep(entry, bytes: bytes)
    return entry
  }

  private func triggerEntries(of job: Job) -> Set<String> {
    Set(
      job.triggers.map { trigger in
        switch trigger {
        case .push(let push): ObjectMap.pushEntry(RepositoryIdentity.of(push.repository), job.name)
        case .pullRequest(let pull): ObjectMap.pullEntry(RepositoryIdentity.of(pull.repository), job.name)
        case .schedule, .poll: ObjectMap.clockEntry(job.name)
        }
      })
  }

  private func view(_ name: JobName, _ stored: StoredJob) -> JobView {
    var view = JobView(
      job: name, description: stored.description, revision: stored.revision, updated: InstantText(stored.updated))
    view.kept = stored.kept.map(KeptView.init)
    view.reads = stored.reads
    return view
  }

  private func withLatest(_ view: JobView) async throws -> JobView {
    var view = view
    view.latest = try await builds(of: view.job, limit: 1).first
    return view
  }

  /// Creates the node that counts a job's builds, going on after the newest in history.
  func createCounter(_ name: JobName) async throws {
    try await session.createAll(NodeMap.jobs)
    guard try await session.read(NodeMap.job(name)) == nil else { return }
    let newest = try await objects.entries(in: ObjectMap.builds(of: name), after: "", limit: 1).first
    let next = (newest.flatMap { ObjectMap.buildNumber(ofEntry: $0.key) } ?? 0) + 1
    do {
      try await session.create(NodeMap.job(name), Array(String(next).utf8))
    } catch let error as CoordinationError where error.code == .nodeExists || error.code == .outcomeUnknown {
      return
    }
  }
}

extension Optional {
  fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
    if let self { try await transform(self) } else { nil }
  }
}
