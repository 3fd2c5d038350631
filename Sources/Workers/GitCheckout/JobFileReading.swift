import Model
import SharedRepository

/// Reads the job files of a commit: from git's objects, so that no link leads anywhere else, and nothing large is touched.
struct JobFileReading {
  let assignment: Assignment
  /// As the task names it.
  let repository: String
  let files: JobFiles
  let mirror: GitMirror

  /// Bytes of a list of files.
  static let listingSize = 4 << 20
  /// Changed files that are kept; where there are more, it is as if nobody knew them.
  private static let mostChanged = 5_000

  /// Reads them, checks that they are good, and stores them.
  ///
  /// - Returns: how many there are.
  /// - Throws: ``TaskFailure`` when one is not good; all that is wrong is in the log then.
  func read(at commit: String) async throws -> Int {
    try await assignment.log.line("reading the job files of \(try await headline(of: commit))")
    guard let bounds = KeptFileBounds(try await job) else { throw WrongKind(assignment.task) }
    let isDefault = try await isDefault(commit)
    var problems = JobFileProblems(log: assignment.log)
    var read = ReadJobFiles(commit: commit, isDefault: isDefault, changed: try await changed(by: commit), files: [])
    var paths: [JobName: String] = [:]
    for file in try await list(at: commit) {
      guard let job = try await self.job(in: file, bounds, &problems) else { continue }
      if let earlier = paths.updateValue(file.path, forKey: job.name) {
        try await problems.add("\(file.path): the job \(job.name) is defined in \(earlier) already; rename one of them")
        continue
      }
      do {
        try await assignment.repository.checkName(job.name, for: kept(file.path, commit))
      } catch let error as RepositoryError where error.code == .conflict {
        try await problems.add("\(file.path): \(error)")
      }
      read.files.append(ReadJobFiles.File(path: file.path, text: job.json))
    }
    try problems.check()
    for (name, path) in paths.sorted(by: { $0.value < $1.value }) { try await assignment.log.line("\(path): \(name)") }
    if paths.isEmpty {
      try await assignment.log.line("no file matches \(files.files.joined(separator: ", ")): nothing is started")
    }
    try await assignment.storage.putJobFiles(read)
    return read.files.count
  }

  private var job: Job {
    get async throws {
      let request = assignment.plan.request
      return try await assignment.repository.job(request.build.job, revision: request.jobRevision)
    }
  }

  private func kept(_ path: String, _ commit: String) -> KeptJob {
    KeptJob(
      by: assignment.plan.request.build.job, repository: repository, file: path, commit: commit, branch: nil,
      build: assignment.plan.request.build.number, isDefined: false)
  }

  /// A file of the commit that is called like a job file.
  private struct Entry {
    var mode: String
    var object: String
    var size: Int
    var path: String
  }

  private func list(at commit: String) async throws -> [Entry] {
    let listing: [UInt8]
    do {
      listing = try await mirror.look(
        ["--literal-pathspecs", "ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--"] + folders)
    } catch is GitOutputTooLong {
      throw TaskFailure("there are too many files beside the job files; name a folder of their own in \"files\"")
    }
    // There may be very many beside them.
    let globs = files.files.compactMap { try? Glob($0) }
    let found = listing.split(separator: 0).compactMap { Self.entry($0) }.filter { entry in
      globs.contains { $0.matches(entry.path) }
    }
    guard found.count <= JobLimits.keptFiles else {
      throw TaskFailure("\(found.count) job files are in the commit; \(JobLimits.keptFiles) are the most")
    }
    let sum = found.reduce(0) { $0 + min($1.size, JobLimits.keptFileBytes) }
    guard sum <= JobLimits.keptBytes else {
      throw TaskFailure("the job files have \(sum) bytes together; \(JobLimits.keptBytes) are the most")
    }
    return found
  }

  /// Where the files may be; nothing to mean everywhere.
  private var folders: [String] {
    let beginnings = files.files.map { glob in
      let plain = glob.prefix { !"*?[\\".contains($0) }
      return plain.count == glob.count
        ? String(plain) : String(plain[..<(plain.lastIndex(of: "/").map(plain.index(after:)) ?? plain.startIndex)])
    }
    return beginnings.contains("") ? [] : Set(beginnings).sorted()
  }

  /// `MODE TYPE OBJECT SIZE⇥PATH`
  private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
    let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let facts = parts[0].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard facts.count == 4 else { return nil }
    return Entry(
      mode: facts[0], object: facts[2], size: Int(facts[3]) ?? 0, path: String(decoding: parts[1], as: UTF8.self))
  }

  /// - Returns: `nil` when the file is not good.
  private func job(in file: Entry, _ bounds: KeptFileBounds, _ problems: inout JobFileProblems) async throws -> Job? {
    guard !file.path.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      try await problems.add("\(file.path.quoted): the name of a job file holds a control character; rename it")
      return nil
    }
    guard file.mode.hasPrefix("100") else {
      try await problems.add("\(file.path): a job file is a regular file, and no link; put the file itself there")
      return nil
    }
    guard file.size <= JobLimits.keptFileBytes else {
      try await problems.add("\(file.path): the file has \(file.size) bytes; \(JobLimits.keptFileBytes) are the most")
      return nil
    }
    let bytes = try await mirror.look(["cat-file", "blob", file.object])
    do throws(InvalidJobFile) {
      return try KeptJobFile.parse(bytes, file: file.path, within: bounds)
    } catch {
      for problem in error.diagnostics { try await problems.add("\(problem)") }
      return nil
    }
  }

  /// Whether the commit is where the default branch is now, and was read for that branch.
  private func isDefault(_ commit: String) async throws -> Bool {
    let origin = assignment.plan.request.origin
    if case .pullRequest = origin { return false }
    if case .push(let push) = origin, CommitChoice.names(repository, push.repository), push.branch != files.default {
      return false
    }
    return try await mirror.head(of: "refs/heads/\(files.default)") == commit
  }

  /// The files that the push changed; `nil` when that cannot be known.
  private func changed(by commit: String) async throws -> [String]? {
    guard case .push(let push) = assignment.plan.request.origin, let before = push.before, CommitChoice.isCommit(before)
    else { return nil }
    do {
      let listing = try await mirror.look([
        "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", before, commit, "--",
      ])
      let paths = listing.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return paths.count <= Self.mostChanged ? paths : nil
    } catch is GitOutputTooLong {
      return nil
    } catch is GitError {
      // What the branch was forced away from need not be there any more.
      return nil
    }
  }

  private func headline(of commit: String) async throws -> String {
    do {
      let text = try await mirror.look([
        "log", "-1", "--no-color", "--no-show-signature", "--format=%H %s", commit, "--",
      ])
      return String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }.prefix(300), as: UTF8.self)
    } catch is GitOutputTooLong {
      return commit
    }
  }
}

/// What is wrong with the job files of a commit: all of it in the log, the first in the task's message.
struct JobFileProblems {
  let log: AttemptLog
  private var first: String?
  private var count = 0

  /// As many lines as one file may have, and some more.
  private static let mostLines = 1_000

  init(log: AttemptLog) { self.log = log }

  mutating func add(_ problem: String) async throws {
    first = first ?? problem
    count += 1
    if count <= Self.mostLines { try await log.line(problem) }
  }

  /// - Throws: ``TaskFailure`` when there are any.
  func check() throws {
    guard let first else { return }
    throw TaskFailure(count > 1 ? "\(first) (and \(count - 1) more in the log)" : first)
  }
}
