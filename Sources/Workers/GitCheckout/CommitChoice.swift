import Model
import SharedRepository

/// What a task asks for: an exact commit, or a name to be looked up.
struct CommitChoice: Hashable, Sendable {
  /// As the job file says.
  let ref: String
  /// Known before anything is fetched.
  let commit: String?
  /// The branch that the commit was pushed to, or is the head of.
  let branch: String?
  /// A full name that leads to the commit where no branch or tag need do, until it is moved.
  let source: String?

  /// - Parameter cause: when it is a push to this repository and the task asks for what was pushed, the commit is the one
  ///   that was pushed, wherever the branch has moved since: every task of a build has the same one. So it is with a pull
  ///   request and its head.
  init(_ task: GitCheckout, cause: BuildCause) {
    ref = task.ref
    if case .push(let push) = cause, Self.asks(task, for: push), Self.isCommit(push.commit) {
      commit = push.commit
      branch = push.branch
      source = nil
    } else if let pull = cause.pullRequest, Self.asks(task, for: pull), Self.isCommit(pull.commit) {
      commit = pull.commit
      branch = Self.isPlain(pull.branch) ? pull.branch : nil
      source = pull.ref
    } else {
      branch = nil
      source = nil
      commit = Self.isCommit(task.ref) ? task.ref.lowercased() : nil
    }
  }

  /// What a task checks out: in a build that repeats an earlier one, the very commit that it checked out there.
  static func of(_ task: GitCheckout, for assignment: Assignment) -> CommitChoice {
    let request = assignment.attempt.request
    let choice =
      if task.jobFiles != nil {
        ofJobFiles(task, cause: request.origin)
      } else if request.readBy != nil, task.ref == GitCheckout.defaultRef {
        ofKeptJob(task, cause: request.origin)
      } else {
        CommitChoice(task, cause: request.origin)
      }
    guard let commit = request.frozen?.commits[assignment.task.name], commit != choice.commit else { return choice }
    return CommitChoice(ref: commit)
  }

  /// Where job files are read: whatever was pushed, and else what the task names.
  private static func ofJobFiles(_ task: GitCheckout, cause: BuildCause) -> CommitChoice {
    guard let source = cause.jobFiles, names(task.repository, source.repository), isCommit(source.commit) else {
      return CommitChoice(task, cause: .request)
    }
    let pull = cause.pullRequest
    return CommitChoice(
      ref: task.ref, commit: source.commit, branch: source.branch.flatMap { isPlain($0) ? $0 : nil },
      source: pull?.commit == source.commit ? pull?.ref : nil)
  }

  /// A job whose file was read at a commit is built at that commit, also where its file names none.
  private static func ofKeptJob(_ task: GitCheckout, cause: BuildCause) -> CommitChoice {
    guard case .push(let push) = cause, names(task.repository, push.repository), isCommit(push.commit) else {
      return CommitChoice(task, cause: cause)
    }
    return CommitChoice(ref: task.ref, commit: push.commit, branch: push.branch, source: nil)
  }

  private init(ref: String, commit: String, branch: String?, source: String?) {
    self.ref = ref
    self.commit = commit
    self.branch = branch
    self.source = source
  }

  /// - Parameter ref: a full name, or a commit.
  init(ref: String) {
    self.ref = ref
    branch = nil
    source = nil
    commit = Self.isCommit(ref) ? ref.lowercased() : nil
  }

  private static func asks(_ task: GitCheckout, for push: BuildCause.Push) -> Bool {
    names(task.repository, push.repository)
      && ["", "refs/heads/", "refs/tags/"].contains { $0 + task.ref == push.ref }
  }

  /// The default is the head as well: what is to be merged is what the build is about.
  private static func asks(_ task: GitCheckout, for pull: BuildCause.PullRequest) -> Bool {
    let names = [GitCheckout.defaultRef, pull.commit, pull.branch, "refs/heads/\(pull.branch)", pull.ref]
    return self.names(task.repository, pull.repository) && names.contains(task.ref)
  }

  /// Whether git takes a branch of this name for nothing else: strangers choose it.
  private static func isPlain(_ branch: String) -> Bool {
    branch != "HEAD" && !branch.hasPrefix("-") && !branch.hasPrefix("refs/") && !isCommit(branch)
  }

  /// Whether a task's address is that of the repository that was pushed to.
  static func names(_ repository: String, _ pushed: String) -> Bool {
    RepositoryIdentity.names(repository, pushed)
  }

  /// A whole SHA-1 or SHA-256.
  static func isCommit(_ text: String) -> Bool {
    (text.utf8.count == 40 || text.utf8.count == 64) && text.utf8.allSatisfy(isHexadecimal)
  }

  /// The beginning of one, as long as git asks for at least.
  var isAbbreviation: Bool {
    (7..<40).contains(ref.utf8.count) && ref.utf8.allSatisfy(Self.isHexadecimal)
  }

  /// The refs that the name may stand for, likeliest first.
  var candidates: [String] {
    ref.hasPrefix("refs/") ? [ref] : ["refs/heads/\(ref)", "refs/tags/\(ref)"]
  }

  /// A full name that a fetch of branches and tags would not bring.
  var otherRef: String? {
    ref.hasPrefix("refs/") && !ref.hasPrefix("refs/heads/") && !ref.hasPrefix("refs/tags/") ? ref : nil
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
  }
}
