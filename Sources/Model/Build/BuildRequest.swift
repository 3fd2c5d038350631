import Synchronization

/// Why a build was started.
package enum BuildCause: Hashable, Sendable, Codable {
  /// It was asked for, and it is not known by whom.
  case request
  /// Somebody asked for it, by API, command line or page. A name that nobody has checked: hostile text.
  case asked(by: String)
  /// A ref was pushed to a repository.
  case push(Push)
  /// Somebody wants a branch merged.
  case pullRequest(PullRequest)
  /// Another build ended, and its job's `then` names this job.
  case continuation(of: BuildID)
  /// An environment is to be as an earlier build left it.
  case rollback(Rollback)
  /// Tasks of an earlier build are done once more.
  case retrial(Retrial)
  /// The job's schedule says so: for this instant, whenever it was started.
  case schedule(Timestamp)

  package struct Push: Hashable, Sendable, Codable {
    /// `owner/name` at the forge.
    package var repository: String
    /// The full name of the ref, such as `refs/heads/main`. Hostile text.
    package var ref: String
    /// The commit that was pushed, in hexadecimal.
    package var commit: String
    /// Where the ref was before, in hexadecimal, when that was told and there was such a ref.
    package var before: String?

    package init(repository: String, ref: String, commit: String, before: String? = nil) {
      self.before = before
      self.repository = repository
      self.ref = ref
      self.commit = commit
    }

    /// The branch's name, when the ref is a branch.
    package var branch: String? {
      ref.hasPrefix("refs/heads/") ? String(ref.dropFirst("refs/heads/".count)) : nil
    }
  }

  /// All that ``event`` may be, but for what takes over the event of an earlier build in conditions.
  package static let events = ["request", "push", "pull-request", "continuation", "schedule"]

  /// What `${event}` and `DISTCI_EVENT` say.
  package var event: String {
    switch self {
    case .request, .asked: "request"
    case .push: "push"
    case .pullRequest: "pull-request"
    case .continuation: "continuation"
    case .rollback: "rollback"
    case .retrial: "retry"
    case .schedule: "schedule"
    }
  }
}

/// All that a build is made from, fixed when it was triggered: with the job's text of that revision, its plan follows from
/// this alone, so every worker can work it out again.
///
/// It stands in the build's record and in each of its tickets, and never changes: so copies share it, and its JSON text is
/// written once, or not at all where it was read.
package struct BuildRequest: Sendable {
  private let shared: Shared

  /// What it says.
  private struct Contents: Hashable, Sendable, Codable {
    var build: BuildID
    var requestID: String
    var jobRevision: String
    var parameters: [ParameterName: String]
    var cause: BuildCause
    var requested: Timestamp
    var depth: Int
    var priority: Int
    var unchanged: [TaskName]?
    var frozen: FrozenInputs?
    var together: [BuildID]?
    var readBy: BuildID?
    var aside: Bool?
  }

  private final class Shared: Sendable {
    let contents: Contents
    let text: Mutex<[UInt8]?>

    init(_ contents: Contents, text: [UInt8]? = nil) {
      self.contents = contents
      self.text = Mutex(text)
    }
  }

  package init(
    build: BuildID, requestID: String, jobRevision: String, parameters: [ParameterName: String], cause: BuildCause,
    requested: Timestamp, depth: Int, priority: Int, unchanged: [TaskName]? = nil, frozen: FrozenInputs? = nil,
    together: [BuildID]? = nil, readBy: BuildID? = nil, aside: Bool? = nil
  ) {
    shared = Shared(
      Contents(
        build: build, requestID: requestID, jobRevision: jobRevision, parameters: parameters, cause: cause,
        requested: requested, depth: depth, priority: priority, unchanged: unchanged, frozen: frozen,
        together: together, readBy: readBy, aside: aside))
  }

  package var build: BuildID { shared.contents.build }
  /// Made up by whoever triggered it; tells a build apart from another that got the same number after a lost write.
  package var requestID: String { shared.contents.requestID }
  /// SHA-256 of the job's canonical text, in hexadecimal.
  package var jobRevision: String { shared.contents.jobRevision }
  /// Checked, with defaults filled in.
  package var parameters: [ParameterName: String] { shared.contents.parameters }
  package var cause: BuildCause { shared.contents.cause }
  package var requested: Timestamp { shared.contents.requested }
  /// How many builds stand before this one in its chain of continuations.
  package var depth: Int { shared.contents.depth }
  package var priority: Int { shared.contents.priority }
  /// The tasks whose `when` names files of which the push changed none; `nil` when there are none, or it is not known.
  package var unchanged: [TaskName]? { shared.contents.unchanged }
  /// What it takes over from an earlier build.
  package var frozen: FrozenInputs? { shared.contents.frozen }
  /// The builds that were waited for beside the one that this one continues.
  package var together: [BuildID]? { shared.contents.together }
  /// The build that read the job's file out of the commit, and started this one.
  package var readBy: BuildID? { shared.contents.readBy }
  /// Set when that file stood on no default branch: then the build says nothing of the job as such.
  package var aside: Bool? { shared.contents.aside }

  /// A build started by a continuation may start others in turn, up to this depth.
  package static let deepestChain = 32
}

extension BuildRequest: Hashable {
  package static func == (left: BuildRequest, right: BuildRequest) -> Bool {
    left.shared === right.shared || left.shared.contents == right.shared.contents
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(shared.contents) }
}

extension BuildRequest: Codable {
  /// The text is kept where it is simple, and with it what a newer program may say in it.
  package init(from decoder: any Decoder) throws {
    shared = Shared(try Contents(from: decoder), text: (decoder as? TokenDecoder)?.json)
  }

  package func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? TreeEncoder, let text else { return try shared.contents.encode(to: encoder) }
    encoder.put(text: text)
  }

  /// `nil` when Foundation must write it.
  private var text: [UInt8]? {
    shared.text.withLock { text in
      if text == nil { text = JSONBytes.encodeUsual(shared.contents) }
      return text
    }
  }
}

extension BuildRequest {
  /// Whether the build is of a text that served it alone: others do not build upon it, and it teaches nothing of the job.
  package var isAside: Bool { aside == true }

  /// What `${event}` and `DISTCI_EVENT` say: a build that does an earlier one's tasks once more does not know of it.
  package var event: String {
    if case .retrial = cause { origin.event } else { cause.event }
  }

  /// What `${…}` in declared fields stands for.
  package var values: [String: String] {
    var values = ["build": String(build.number), "job": build.job.rawValue, "event": event]
    values["commit"] = origin.commit ?? ""
    values["branch"] = origin.branch ?? ""
    values["pullRequest"] = origin.pullRequest.map { String($0.number) } ?? ""
    for (name, value) in parameters { values[name.rawValue] = value }
    return values
  }
}
