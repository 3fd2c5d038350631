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
package struct BuildRequest: Hashable, Sendable, Codable {
  package var build: BuildID
  /// Made up by whoever triggered it; tells a build apart from another that got the same number after a lost write.
  package var requestID: String
  /// SHA-256 of the job's canonical text, in hexadecimal.
  package var jobRevision: String
  /// Checked, with defaults filled in.
  package var parameters: [ParameterName: String]
  package var cause: BuildCause
  package var requested: Timestamp
  /// How many builds stand before this one in its chain of continuations.
  package var depth: Int
  package var priority: Int
  /// The tasks whose `when` names files of which the push changed none; `nil` when there are none, or it is not known.
  package var unchanged: [TaskName]?
  /// What it takes over from an earlier build.
  package var frozen: FrozenInputs?
  /// The builds that were waited for beside the one that this one continues.
  package var together: [BuildID]?
  /// The build that read the job's file out of the commit, and started this one.
  package var readBy: BuildID?
  /// Set when that file stood on no default branch: then the build says nothing of the job as such.
  package var aside: Bool?

  package init(
    build: BuildID, requestID: String, jobRevision: String, parameters: [ParameterName: String], cause: BuildCause,
    requested: Timestamp, depth: Int, priority: Int, unchanged: [TaskName]? = nil, frozen: FrozenInputs? = nil,
    together: [BuildID]? = nil, readBy: BuildID? = nil, aside: Bool? = nil
  ) {
    self.aside = aside
    self.readBy = readBy
    self.together = together
    self.build = build
    self.requestID = requestID
    self.jobRevision = jobRevision
    self.parameters = parameters
    self.cause = cause
    self.requested = requested
    self.depth = depth
    self.priority = priority
    self.unchanged = unchanged
    self.frozen = frozen
  }

  /// A build started by a continuation may start others in turn, up to this depth.
  package static let deepestChain = 32
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
