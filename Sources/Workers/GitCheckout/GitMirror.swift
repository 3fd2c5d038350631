import Crypto
import Model

/// A bare copy of a repository that is kept between builds. Workers of one host share it: who changes it locks it.
struct GitMirror: Sendable {
  let address: RepositoryAddress
  private let directory: String
  private let path: String
  private let lockPath: String
  private let git: Git

  /// Where a commit stands that no branch or tag leads to.
  private static let kept = "refs/distci/commits/"

  init(_ address: RepositoryAddress, cache: String, git: Git) {
    let name = SHA256.hash(data: Array(address.text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    self.address = address
    self.git = git
    directory = cache + "/git"
    path = "\(directory)/\(name)"
    lockPath = "\(directory)/\(name).lock"
  }

  /// A commit, and the branch that led to it.
  struct Resolved: Hashable, Sendable {
    var commit: String
    /// Without `refs/heads/`.
    var branch: String?
  }

  /// Makes sure that the mirror has what is asked for, and says which commit that is.
  ///
  /// - Throws: ``TaskFailure`` when there is no such thing; ``GitError`` when it cannot be known.
  func resolve(_ choice: CommitChoice) async throws -> Resolved {
    try await prepare()
    if let commit = choice.commit { return try await resolve(commit, choice) }
    let name = try await choice.ref == GitCheckout.defaultRef ? defaultBranch() : choice
    if let commit = name.commit { return try await resolve(commit, name) }
    try await fetch(name.otherRef.map { ["+\($0):\($0)"] } ?? [])
    for candidate in name.candidates {
      guard let commit = try await commit(at: candidate) else { continue }
      return Resolved(commit: commit, branch: Self.branch(candidate))
    }
    if name.isAbbreviation, let commit = try await commit(at: name.ref) { return Resolved(commit: commit) }
    throw TaskFailure("there is no branch, tag or commit '\(choice.ref)' in \(address); check the task's \"ref\"")
  }

  /// Makes a repository of its own out of the mirror: nothing in it refers to the mirror.
  func clone(to target: String) async throws {
    // Local: objects are linked or copied, not packed again.
    try await git.cloneLocally(
      ["--quiet", "--no-checkout", "--template=", "--origin", "origin", "--", path, target],
      lock: .shared(lockPath))
  }

  /// Where a ref of the repository is now, as the other side says: an object's name; `nil` when there is no such ref.
  func head(of ref: String) async throws -> String? {
    let listing = try await remote { try await git.run(["ls-remote", "--", address.text, ref]) }
    for line in listing.split(whereSeparator: \.isNewline) {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      // Only the end of a ref has to match for git.
      if fields.count == 2, fields[1] == ref, CommitChoice.isCommit(fields[0]) { return fields[0] }
    }
    return nil
  }

  /// The newest commit that two commits have in common; `nil` when there is none.
  func mergeBase(_ one: String, _ other: String) async throws -> String? {
    do {
      let output = try await git.run(["merge-base", "--end-of-options", one, other], in: path)
      return output.split(whereSeparator: \.isNewline).map(String.init).last(where: CommitChoice.isCommit)
    } catch let error as GitError where error.output.isEmpty {
      return nil
    }
  }

  /// Moves a ref of the repository, provided that it is still where it was.
  ///
  /// - Parameter old: `nil` when there is to be no such ref yet.
  /// - Throws: ``GitError``, whose ``GitError/isOvertaken`` tells that the ref was moved meanwhile.
  func push(_ commit: String, to ref: String, from old: String?) async throws {
    try await git.run(
      [
        "push", "--quiet", "--porcelain", "--no-verify", "--force-with-lease=\(ref):\(old ?? "")", "--", address.text,
        "\(commit):\(ref)",
      ], in: path, lock: .shared(lockPath))
  }

  /// Looks at what it has, without changing it.
  ///
  /// - Returns: what git wrote, as it is.
  /// - Throws: as ``Git/bytes(_:in:lock:)`` does.
  func look(_ arguments: [String]) async throws -> [UInt8] {
    try await git.bytes(arguments, in: path, lock: .shared(lockPath))
  }

  /// Throws the mirror away.
  func discard() async throws {
    try await git.remove(path, lock: .exclusive(lockPath))
  }

  private func prepare() async throws {
    let (directory, path) = (directory, path)
    let isThere = try await BlockingCalls.run {
      try FilePaths.makeDirectory(directory)
      return FilePaths.isDirectory(path + "/objects")
    }
    // Made again where it is there, this does nothing. Its HEAD names no branch, so that a clone begins without one.
    if !isThere {
      try await change(["init", "--quiet", "--bare", "--template=", "--initial-branch=distci-none", "--", path])
    }
  }

  private func resolve(_ commit: String, _ choice: CommitChoice) async throws -> Resolved {
    if try await self.commit(at: commit) == nil { try await fetch([]) }
    if try await self.commit(at: commit) == nil, let source = choice.source { try await fetchIfThere(source) }
    if try await self.commit(at: commit) == nil {
      // No branch or tag leads there any more; most servers give it out all the same.
      try await fetch(only: "+\(commit):\(Self.kept)\(commit)")
    }
    guard let found = try await self.commit(at: commit) else {
      throw TaskFailure("\(commit) is not a commit of \(address); check the task's \"ref\"")
    }
    return Resolved(commit: found, branch: choice.branch)
  }

  private func defaultBranch() async throws -> CommitChoice {
    let listing = try await remote { try await git.run(["ls-remote", "--symref", "--", address.text, "HEAD"]) }
    var commit: String?
    for line in listing.split(whereSeparator: \.isNewline) {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard fields.last == "HEAD", let first = fields.first else { continue }
      if first == "ref:", fields.count == 3 { return CommitChoice(ref: String(fields[1])) }
      if CommitChoice.isCommit(String(first)) { commit = String(first) }
    }
    guard let commit else {
      throw TaskFailure("\(address) has no default branch; name a branch in the task's \"ref\"")
    }
    return CommitChoice(ref: commit)
  }

  private func fetch(_ more: [String]) async throws {
    try await remote {
      try await change(
        [
          "fetch", "--quiet", "--prune", "--force", "--no-tags", "--no-write-fetch-head", "--end-of-options",
          address.text, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*",
        ] + more, in: path)
    }
  }

  /// Brings what a ref leads to now, which need not be what is looked for: it may have been moved, or removed.
  private func fetchIfThere(_ ref: String) async throws {
    do {
      try await fetch(only: "+\(ref):refs/distci/\(ref.dropFirst("refs/".count))")
    } catch is TaskFailure {
      return
    }
  }

  private func fetch(only refspec: String) async throws {
    try await remote {
      try await change(
        [
          "fetch", "--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--end-of-options", address.text,
          refspec,
        ], in: path)
    }
  }

  /// Runs a command that changes the mirror.
  ///
  /// A worker that was killed in the middle of one leaves git's own lock files behind, and nobody else would ever remove
  /// them. Whoever holds our lock knows that no git is at work here, so what is locked is locked by the dead.
  private func change(_ arguments: [String], in directory: String? = nil) async throws {
    let lock = GitLock.exclusive(lockPath)
    do {
      try await git.run(arguments, in: directory, lock: lock)
    } catch let error as GitError {
      guard await removedLockFiles(lock) else { throw error }
      try await git.run(arguments, in: directory, lock: lock)
    }
  }

  private func removedLockFiles(_ lock: GitLock) async -> Bool {
    do {
      return try await git.removeLockFiles(in: path, lock: lock)
    } catch {
      // What went wrong first is what is told.
      return false
    }
  }

  /// What the other side refuses is the user's to mend; the rest is tried again.
  @discardableResult
  private func remote<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as GitError where !error.isTransient && !error.isCorruption {
      throw TaskFailure("\(address) cannot be fetched: \(error.words)")
    }
  }

  private func commit(at name: String) async throws -> String? {
    do {
      let output = try await git.run(
        ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"], in: path)
      return output.split(whereSeparator: \.isNewline).map(String.init).last(where: CommitChoice.isCommit)
    } catch let error as GitError where !error.isCorruption {
      return nil
    }
  }

  private static func branch(_ ref: String) -> String? {
    ref.hasPrefix("refs/heads/") ? String(ref.dropFirst("refs/heads/".count)) : nil
  }
}
