import Coordination
import Crypto
package import Model
import ObjectStorage

/// Jobs whose files are kept in the repository that they build.
extension SharedRepository {
  /// A job that reads job files, as it is now.
  package struct JobFileReaderEntry: Sendable {
    package let bounds: KeptFileBounds
    /// What stands in the index, so that nothing is kept for it once that has changed.
    var guards: [IndexChange]
  }

  /// - Returns: `nil` when the job is not there any more, or reads no files.
  package func jobFileReader(_ name: JobName) async throws -> JobFileReaderEntry? {
    guard let entry = try await objects.value(in: ObjectMap.jobs, at: ObjectMap.jobEntry(name)) else { return nil }
    let stored = try decodeJob(entry)
    // What a repository keeps never reads others.
    guard stored.kept == nil, stored.reads != nil else { return nil }
    return KeptFileBounds(try await job(name, revision: stored.revision)).map {
      JobFileReaderEntry(bounds: $0, guards: [.guarding(ObjectMap.jobEntry(name), entry)])
    }
  }

  /// Refuses a name that somebody else's job has: one that was applied by hand, or that another repository keeps.
  ///
  /// - Throws: ``RepositoryError`` with `conflict`.
  package func checkName(_ name: JobName, for kept: KeptJob) async throws {
    guard let entry = try await objects.value(in: ObjectMap.jobs, at: ObjectMap.jobEntry(name)) else { return }
    try check(try decodeJob(entry), name, for: kept)
  }

  /// Refuses what a repository keeps, and what those who run DistCI do not allow there any more.
  ///
  /// - Parameters:
  ///   - stored: the job's entry as it is now.
  ///   - isKept: whether the text is known to have been read in a repository.
  /// - Throws: ``RepositoryError`` with `conflict`.
  func checkStillAllowed(_ job: Job, _ stored: StoredJob, isKept: Bool) async throws {
    guard let kept = stored.kept else {
      guard !isKept else {
        throw RepositoryError(
          .conflict, "the text of \(job.name) was read in a repository that does not keep the job any more",
          remedy: "start it as it is now")
      }
      return
    }
    guard let reader = try await jobFileReader(kept.by), reader.bounds.isOwn(kept.repository) else {
      throw RepositoryError(
        .conflict, "the job \(job.name) is kept in \(kept.repository), whose job files nobody reads any more",
        remedy: "see 'distci repository list'")
    }
    do {
      _ = try KeptJobFile.parse(Array(job.json.utf8), file: kept.file, within: reader.bounds, limit: JobLimits.bytes)
    } catch {
      throw RepositoryError(
        .conflict, "the job \(job.name) may not be built any more: \(error.diagnostics[0].message)",
        remedy: "change its file in \(kept.repository), or what \(kept.by) allows")
    }
  }

  /// Refuses a job that copies from, starts, or shares a group with a job whose name the repository's files might have, but
  /// which is somebody else's.
  ///
  /// - Throws: ``RepositoryError`` with `conflict`.
  package func checkTargets(of job: Job, _ kept: KeptJob, within bounds: KeptFileBounds) async throws {
    for target in job.targets.subtracting([job.name]).subtracting(bounds.files.otherJobs).sorted() {
      try await checkName(target, for: kept)
    }
  }

  private func check(_ stored: StoredJob, _ name: JobName, for kept: KeptJob) throws {
    guard let owner = stored.kept else {
      throw RepositoryError(
        .conflict, "the job \(name) was applied by hand, and is not taken over",
        remedy: "delete it with 'distci job delete \(name)', or give the job of the file another name")
    }
    guard owner.isOwned(like: kept) else { throw RepositoryError.kept(name, owner) }
  }

  /// Takes the name for the repository, and makes the text what the job is when it stands on the default branch. The text is
  /// stored in any case, so that builds can be made from it.
  ///
  /// - Returns: the revision of the text.
  /// - Throws: ``RepositoryError`` with `conflict` when the name is somebody else's; ``JobFileReaderChanged``.
  package func keep(_ job: Job, _ kept: KeptJob, for reader: JobFileReaderEntry) async throws -> String {
    let text = Array(job.json.utf8)
    let revision = SHA256.hash(data: text).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    try await objects.put(text, at: ObjectMap.job(job.name, revision: revision))
    let key = ObjectMap.jobEntry(job.name)
    while true {
      let known = try await objects.value(in: ObjectMap.jobs, at: key)
      let before = try known.map(decodeJob)
      if let before {
        try check(before, job.name, for: kept)
      } else {
        try await checkRoom(for: kept)
      }
      if let earlier = before?.kept, !kept.replaces(earlier) { return revision }
      var stored = StoredJob(revision: revision, updated: now(), description: job.description)
      stored.kept = kept
      let wasWaiting = before?.kept?.isDefined == true
      let waits = kept.isDefined && job.waitsForTime
      var changes = [
        IndexChange(
          key: key, value: try JSONBytes.encode(stored), expecting: known.map(IndexChange.Expectation.value) ?? .absent),
        IndexChange(key: ObjectMap.keptEntry(kept.by, job.name), value: [0x2D]),
      ]
      if waits || wasWaiting {
        changes.append(IndexChange(key: ObjectMap.clockEntry(job.name), value: waits ? [0x2D] : nil))
      }
      guard try await update(changes, for: reader) else { continue }
      try await createCounter(job.name)
      if waits || wasWaiting { try await settleClockTriggers(of: job.name) }
      return revision
    }
  }

  /// - Throws: ``RepositoryError`` with `conflict` when the repository has as many names as it may have.
  private func checkRoom(for kept: KeptJob) async throws {
    let names = try await keptJobs(of: kept.by)
    guard names.count < Self.mostKeptJobs else {
      throw RepositoryError(
        .conflict, "\(Self.mostKeptJobs) jobs are kept in \(kept.repository) already",
        remedy: "delete those that are not used any more with 'distci job delete'")
    }
  }

  /// So many names may the files of one repository take, on all branches together.
  private static let mostKeptJobs = 500

  /// Lets those jobs go that the repository kept on its default branch, and keeps there no more: their names stay its own,
  /// and what they built stays, but nothing starts them any more but a push of a branch that has their files.
  ///
  /// - Parameters:
  ///   - names: the jobs that it keeps there.
  ///   - build: the number of the build that read them.
  /// - Throws: ``JobFileReaderChanged``.
  package func letGo(but names: Set<JobName>, build: Int, for reader: JobFileReaderEntry) async throws {
    for name in try await keptJobs(of: reader.bounds.reader) where !names.contains(name) {
      let key = ObjectMap.jobEntry(name)
      while let known = try await objects.value(in: ObjectMap.jobs, at: key) {
        var stored = try decodeJob(known)
        // What it read of another repository before is that one's.
        guard var kept = stored.kept, reader.bounds.hasRead(kept), kept.isDefined, kept.build <= build else { break }
        kept.isDefined = false
        kept.build = build
        stored.kept = kept
        let changes = [
          IndexChange(key: key, value: try JSONBytes.encode(stored), expecting: .value(known)),
          IndexChange(key: ObjectMap.clockEntry(name), value: nil),
        ]
        guard try await update(changes, for: reader) else { continue }
        try await settleClockTriggers(of: name)
        break
      }
    }
  }

  /// The jobs whose files a job read, in the order of their names.
  package func keptJobs(of reader: JobName) async throws -> [JobName] {
    let prefix = ObjectMap.keptPrefix(reader)
    var names: [JobName] = []
    var last = prefix
    while true {
      let entries = try await objects.entries(in: ObjectMap.jobs, after: last, limit: 1_000)
      let matching = entries.prefix { $0.key.hasPrefix(prefix) }
      names += matching.compactMap { try? JobName(String($0.key.dropFirst(prefix.count))) }
      guard let next = matching.last, matching.count == 1_000 else { return names }
      last = next.key
    }
  }

  /// - Returns: whether it was done; not so when something else has changed meanwhile.
  /// - Throws: ``JobFileReaderChanged``.
  func update(_ changes: [IndexChange], for reader: JobFileReaderEntry) async throws -> Bool {
    do {
      try await objects.update(ObjectMap.jobs, changes + reader.guards)
      return true
    } catch let error as ObjectStoreError where error.code == .conditionFailed {
      for known in reader.guards {
        guard try await objects.value(in: ObjectMap.jobs, at: known.key) == known.value else {
          throw JobFileReaderChanged()
        }
      }
      return false
    }
  }

  /// Makes room for the numbers of builds that are to be created together.
  package func makeRoom(for builds: [PreparedBuild]) async throws {
    for build in builds where build.build.number == 1 || build.build.number.isMultiple(of: NodeMap.bucketSize) {
      try await session.createAll(NodeMap.buildBucket(build.build))
    }
  }
}

/// The job that reads job files was changed, or a newer build's reading was taken over, while something was about to be kept
/// for it: look again.
package struct JobFileReaderChanged: Error {}

extension IndexChange {
  /// Leaves an entry as it is known, and fails where it is not so any more.
  static func guarding(_ key: String, _ value: [UInt8]) -> IndexChange {
    IndexChange(key: key, value: value, expecting: .value(value))
  }
}

extension KeptFileBounds {
  /// Whether it was read by the same job in the same repository.
  fileprivate func hasRead(_ kept: KeptJob) -> Bool {
    kept.by == reader && RepositoryIdentity.of(kept.repository) == RepositoryIdentity.of(repository)
  }
}

extension KeptJob {
  /// Whether it stands in the place of an earlier one: what is built from a branch never does so where there is a definition,
  /// a definition always where there is none, and else the newer reading. That an older reading of the default branch defines
  /// nothing is seen to before.
  fileprivate func replaces(_ earlier: KeptJob) -> Bool {
    if earlier.isDefined != isDefined { return isDefined }
    return earlier.build < build
  }
}

extension RepositoryError {
  package static func kept(_ job: JobName, _ kept: KeptJob) -> RepositoryError {
    RepositoryError(
      .conflict, "the job \(job) is kept in \(kept.repository), in \(kept.file.quoted), which the job \(kept.by) reads",
      remedy: "change it there; or take its name from \"jobs\" of \(kept.by), and 'distci job delete \(job)'")
  }

  static func undefined(_ job: JobName, _ kept: KeptJob) -> RepositoryError {
    RepositoryError(
      .notFound,
      "the job \(job) is kept in \(kept.repository), and its file \(kept.file.quoted) is not on the default branch",
      remedy: "push it there; until then each push of a branch that has it is built")
  }
}

extension Job {
  /// The jobs that it copies from or starts, and that whose name its group begins with.
  fileprivate var targets: Set<JobName> {
    var targets = Set(then.map(\.job))
    for task in tasks {
      if case .copyArtifacts(let work) = task.work { targets.insert(work.job) }
    }
    if let group = concurrency?.group, let name = try? JobName(String(group.prefix { $0 != "/" })) {
      targets.insert(name)
    }
    return targets
  }
}
