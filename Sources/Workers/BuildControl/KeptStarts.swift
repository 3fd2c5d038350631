import Coordination
import Model
import SharedRepository

/// What a build that has read the job files of a commit starts: each job whose trigger fits what the build itself was started
/// by, at that very commit, with that very text.
///
/// The worker that read them checked them; this checks them again, by what the reading job allows now: what was taken from a
/// repository meanwhile is not given back by retrying an old build.
struct KeptStarts {
  let repository: SharedRepository
  let request: BuildRequest
  private var reader: SharedRepository.JobFileReaderEntry
  private var read: ReadJobFiles
  /// The build that read them: not this one, when it took that over from an earlier one.
  private let readIn: BuildID

  private(set) var builds: [PreparedBuild] = []
  private(set) var notes: [String] = []
  /// Bytes that the builds take of the transaction.
  private var size = 0

  /// As many as leave room for the rest of the transaction.
  private static let largestSize = PreparedBuild.largestPosting * 5 / 4

  /// - Returns: `nil` when the build read no job files, or they count for nothing.
  static func of(
    _ state: BuildState, _ request: BuildRequest, _ job: Job, in repository: SharedRepository, _ notes: inout [String]
  ) async throws -> KeptStarts? {
    guard state.verdict == .succeeded, !request.isRollback, let reading = job.reading else { return nil }
    let plan = try await repository.plan(of: request)
    guard let index = plan.tasks.firstIndex(where: { $0.name == reading.task }),
      let outcome = state.tasks[index].attempts.last, outcome.verdict == .succeeded, outcome.jobFiles != nil
    else { return nil }
    guard let reader = try await repository.jobFileReader(job.name) else {
      notes.append("nothing was started: the job \(job.name) reads no job files any more")
      return nil
    }
    // What was read of another repository, or of another branch, is not what it reads now.
    let known = KeptFileBounds(job)
    guard known?.repository == reader.bounds.repository, known?.files.default == reader.bounds.files.default else {
      notes.append("nothing was started: the job \(job.name) reads other job files by now")
      return nil
    }
    let readIn = outcome.madeIn ?? request.build
    let storage = repository.storage(of: readIn, task: reading.task, token: outcome.token)
    return KeptStarts(repository, request, reader, try await storage.jobFiles(), readIn)
  }

  private init(
    _ repository: SharedRepository, _ request: BuildRequest, _ reader: SharedRepository.JobFileReaderEntry,
    _ read: ReadJobFiles, _ readIn: BuildID
  ) {
    self.readIn = readIn
    self.repository = repository
    self.request = request
    self.reader = reader
    self.read = read
    if Self.isTooMuchToMatch(read) { self.read.changed = nil }
  }

  /// So many bytes of paths times bytes of files are matched at most: in a build-control worker, with nobody to stop it.
  private static let mostMatching = 1 << 28

  /// Whether to find out which jobs a push concerns would take too long: then it concerns them all.
  private static func isTooMuchToMatch(_ read: ReadJobFiles) -> Bool {
    guard let changed = read.changed else { return false }
    let paths = changed.reduce(0) { $0 + $1.utf8.count }
    return paths * read.files.reduce(0) { $0 + $1.text.utf8.count } > mostMatching
  }

  /// Keeps the files, and prepares the builds. All of it may be done again.
  ///
  /// - Throws: ``JobFileReaderChanged``.
  mutating func prepare(_ numbers: inout BuildNumbers, _ groups: inout GroupBook) async throws {
    try await takeOver()
    var names: Set<JobName> = []
    for file in read.files {
      guard let job = parsed(file) else { continue }
      do {
        let cause = cause(for: job)
        // A name is taken by what is built, or may be.
        guard cause != nil || read.isDefault else { continue }
        try await repository.checkTargets(of: job, kept(file), within: reader.bounds)
        let revision = try await repository.keep(job, kept(file), for: reader)
        names.insert(job.name)
        guard let cause else { continue }
        try await start(job, revision, cause, &numbers, &groups)
      } catch let error as RepositoryError where error.code != .unavailable && error.code != .noSpace {
        note("\(job.name) was not started: \(error)")
      }
    }
    if read.isDefault { try await repository.letGo(but: names, build: readIn.number, for: reader) }
    try await repository.makeRoom(for: builds)
  }

  /// What an older build read is not what the jobs are, once a newer one's reading is: it is built as a branch's would be.
  private mutating func takeOver() async throws {
    guard read.isDefault else { return }
    if let reader = try await repository.takeOver(readingOf: readIn.number, for: reader) {
      self.reader = reader
    } else {
      read.isDefault = false
      note("the jobs stay what a newer build of \(readIn.job) has read; what this one read is only built")
    }
  }

  private mutating func parsed(_ file: ReadJobFiles.File) -> Job? {
    do throws(InvalidJobFile) {
      return try KeptJobFile.parse(
        Array(file.text.utf8), file: file.path, within: reader.bounds, limit: JobLimits.bytes)
    } catch {
      note("\(file.path.quoted) was not taken: \(error.diagnostics[0].message)")
      return nil
    }
  }

  private func kept(_ file: ReadJobFiles.File) -> KeptJob {
    KeptJob(
      by: request.build.job, repository: reader.bounds.repository, file: file.path, commit: read.commit,
      branch: read.isDefault ? reader.bounds.files.default : request.origin.jobFiles?.branch,
      build: readIn.number, isDefined: read.isDefault)
  }

  /// What starts a build of the job, as if the hook had; `nil` when none of its triggers fits.
  private func cause(for job: Job) -> BuildCause? {
    job.triggers.lazy.compactMap { reader.bounds.cause(of: $0, from: request.origin, changed: read.changed) }.first
  }

  /// Whether what was read is that of the default branch, wherever it has moved since.
  private var isOfDefault: Bool {
    if case .push(let push) = request.origin { push.branch == reader.bounds.files.default } else { false }
  }

  private mutating func start(
    _ job: Job, _ revision: String, _ cause: BuildCause, _ numbers: inout BuildNumbers, _ groups: inout GroupBook
  ) async throws {
    var start = StartRequest(
      job: job.name, cause: cause, depth: request.depth + 1, changed: read.changed.map { Set($0) })
    start.revision = revision
    start.readBy = request.build
    start.aside = isOfDefault ? nil : true
    // One that does not fit leaves no trace.
    var (next, entered) = (numbers, groups)
    let build = try await repository.prepare(start, requestID: RequestID.make(), &next, &entered)
    guard size + (try build.size) <= Self.largestSize else {
      throw RepositoryError(
        .invalid, "what one push starts has more than \(Self.largestSize >> 10) KiB", remedy: "keep fewer jobs")
    }
    size += try build.size
    (numbers, groups) = (next, entered)
    builds.append(build)
  }

  private mutating func note(_ text: String) { notes.append(text.bounded(to: 400)) }
}

extension KeptFileBounds {
  /// What a trigger of a file makes of what the build that read it was started by; `nil` when it does not fit.
  func cause(of trigger: Trigger, from origin: BuildCause, changed: [String]?) -> BuildCause? {
    switch (trigger, origin) {
    case (.push(let trigger), .push(var push)) where isOwn(trigger.repository) && isOwn(push.repository):
      guard trigger.waits(for: push.ref), trigger.isTouched(by: changed) else { return nil }
      // What a forge calls OWNER/NAME is the same everywhere; a repository of this machine is what the job calls it.
      if !RepositoryAddress.isForgeName(push.repository) { push.repository = trigger.repository }
      return .push(push)
    case (.pullRequest(let trigger), .pullRequest(let pull)) where isOwn(trigger.repository) && isOwn(pull.repository):
      return trigger.accepts(base: pull.base) && trigger.lets(pull) ? origin : nil
    default: return nil
    }
  }
}

extension PullRequestTrigger {
  /// Whether anything of it may run now. The reading job's trigger has its own word on that, and was heard before.
  fileprivate func lets(_ pull: BuildCause.PullRequest) -> Bool {
    guard pull.isFork else { return true }
    switch forks {
    case .approve: return pull.approvedBy != nil
    case .build: return true
    case .ignore: return false
    }
  }
}

extension PushTrigger {
  /// What is not known matches: a build too many is better than one too few.
  fileprivate func isTouched(by changed: [String]?) -> Bool {
    changed.map { (try? accepts(changedPaths: $0)) ?? false } ?? true
  }

  fileprivate func waits(for ref: String) -> Bool {
    if ref.hasPrefix("refs/heads/") { return (try? accepts(branch: String(ref.dropFirst(11)))) ?? false }
    return ref.hasPrefix("refs/tags/") && (try? accepts(tag: String(ref.dropFirst(10)))) ?? false
  }
}
