/// A build as the API shows it.
package struct BuildView: Hashable, Sendable, Codable {
  package var job: JobName
  package var build: Int
  /// `null` until the build has ended.
  package var verdict: Verdict?
  /// SHA-256 of the job's text that the build was made from.
  package var revision: String
  package var parameters: [String: String]
  package var cause: CauseView
  package var requested: InstantText
  package var started: InstantText?
  package var finished: InstantText?
  package var cancelledBy: String?
  /// Its place in a concurrency group.
  package var group: GroupView?
  package var tasks: [TaskView]
  /// The builds that it started when it ended.
  package var startedBuilds: [BuildReference]
  /// What went wrong beside the tasks, in sentences.
  package var notes: [String]

  package init(
    job: JobName, build: Int, verdict: Verdict?, revision: String, parameters: [String: String], cause: CauseView,
    requested: InstantText, started: InstantText?, finished: InstantText?, cancelledBy: String?,
    group: GroupView? = nil,
    tasks: [TaskView], startedBuilds: [BuildReference], notes: [String]
  ) {
    self.job = job
    self.build = build
    self.verdict = verdict
    self.revision = revision
    self.parameters = parameters
    self.cause = cause
    self.requested = requested
    self.started = started
    self.finished = finished
    self.cancelledBy = cancelledBy
    self.group = group
    self.tasks = tasks
    self.startedBuilds = startedBuilds
    self.notes = notes
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(job, forKey: .job)
    try container.encode(build, forKey: .build)
    // Present also while it is null: its absence would not tell a running build from an older program.
    try container.encode(verdict, forKey: .verdict)
    try container.encode(revision, forKey: .revision)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(cause, forKey: .cause)
    try container.encode(requested, forKey: .requested)
    try container.encodeIfPresent(started, forKey: .started)
    try container.encodeIfPresent(finished, forKey: .finished)
    try container.encodeIfPresent(cancelledBy, forKey: .cancelledBy)
    try container.encodeIfPresent(group, forKey: .group)
    try container.encode(tasks, forKey: .tasks)
    try container.encode(startedBuilds, forKey: .startedBuilds)
    try container.encode(notes, forKey: .notes)
  }
}

package struct BuildReference: Hashable, Sendable, Codable {
  package var job: JobName
  package var build: Int

  package init(_ build: BuildID) {
    job = build.job
    self.build = build.number
  }

  package var id: BuildID { BuildID(job: job, number: build) }
}

/// A build's place in its concurrency group, as the API shows it.
package struct GroupView: Hashable, Sendable, Codable {
  package enum Status: String, Hashable, Sendable, Codable {
    /// It may run.
    case holds
    /// Until others have ended.
    case waits
    /// The group was full, and the build does not wait.
    case refused
  }

  package var name: String
  package var status: Status
  package var since: InstantText
  /// Who held the group when it was refused; who holds it now, while it waits.
  package var holders: [Holder]

  package struct Holder: Hashable, Sendable, Codable {
    package var job: JobName
    package var build: Int
    package var since: InstantText?

    package init(_ build: BuildID, since: Timestamp?) {
      job = build.job
      self.build = build.number
      self.since = since.map(InstantText.init)
    }
  }

  package init(name: String, status: Status, since: Timestamp, holders: [Holder]) {
    self.name = name
    self.status = status
    self.since = InstantText(since)
    self.holders = holders
  }
}

/// Why a build was started, as the API shows it.
package struct CauseView: Hashable, Sendable, Codable {
  /// `request`, `push`, `pull-request`, `continuation`, `schedule`, `rollback` or `retry`.
  package var event: String
  package var repository: String?
  package var ref: String?
  package var commit: String?
  /// The build that this one continues or repeats, or that read its job's file.
  package var build: BuildReference?
  /// What is rolled back.
  package var environment: DeployTarget?
  /// Who wanted it.
  package var by: String?
  /// Those that were waited for beside it.
  package var together: [BuildReference]?
  /// The instant of the schedule.
  package var scheduled: InstantText?
  /// What is to be merged; `ref` and `commit` are the head's.
  package var pullRequest: PullRequestView?

  package init(_ cause: BuildCause, together: [BuildID]? = nil, readBy: BuildID? = nil) {
    event = cause.event
    build = readBy.map(BuildReference.init)
    self.together = together.map { $0.map(BuildReference.init) }
    switch cause {
    case .request: break
    case .asked(let who): by = who
    case .push(let push):
      repository = push.repository
      ref = push.ref
      commit = push.commit
    case .pullRequest(let pull): take(pull)
    case .continuation(let build): self.build = BuildReference(build)
    case .retrial(let retrial):
      build = BuildReference(retrial.of)
      by = retrial.by
    case .rollback(let rollback):
      build = BuildReference(rollback.to)
      environment = rollback.environment
      by = rollback.by
    case .schedule(let instant): scheduled = InstantText(instant)
    }
  }
}
