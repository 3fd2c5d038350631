/// An environment as the API shows it.
package struct EnvironmentView: Hashable, Sendable, Codable {
  package var environment: DeployTarget
  /// What was deployed last, and with success; absent while nothing was.
  package var live: DeployView?
  /// The task that holds the lock: it deploys, or is about to.
  package var holder: DeployTaskView?
  /// Tasks that want to deploy, in their order.
  package var waiting: [DeployTaskView]
  /// Tasks that somebody has to approve.
  package var unapproved: [DeployTaskView]
  /// Present while it is paused.
  package var paused: PauseView?
  /// What was deployed, well or not, the newest first; absent in lists.
  package var history: [DeployView]?

  package init(
    environment: DeployTarget, live: DeployView?, holder: DeployTaskView?, waiting: [DeployTaskView],
    unapproved: [DeployTaskView], paused: PauseView?, history: [DeployView]? = nil
  ) {
    self.environment = environment
    self.live = live
    self.holder = holder
    self.waiting = waiting
    self.unapproved = unapproved
    self.paused = paused
    self.history = history
  }
}

/// A task that wants to deploy.
package struct DeployTaskView: Hashable, Sendable, Codable {
  package var job: JobName
  package var build: Int
  package var task: TaskName
  package var since: InstantText

  package init(_ build: BuildID, task: TaskName, since: Timestamp) {
    job = build.job
    self.build = build.number
    self.task = task
    self.since = InstantText(since)
  }

  package var id: BuildID { BuildID(job: job, number: build) }
}

/// Something that was deployed, or was to be.
package struct DeployView: Hashable, Sendable, Codable {
  /// How the task ended.
  package var verdict: Verdict
  package var job: JobName
  package var build: Int
  package var task: TaskName
  package var since: InstantText
  /// The commit that was built, in hexadecimal, when one is known.
  package var commit: String?
  /// Why its build was started.
  package var cause: CauseView
  package var approvedBy: String?
  package var approved: InstantText?

  package init(
    _ build: BuildID, task: TaskName, since: Timestamp, commit: String?, cause: BuildCause, approval: Approval?,
    verdict: Verdict = .succeeded
  ) {
    self.verdict = verdict
    job = build.job
    self.build = build.number
    self.task = task
    self.since = InstantText(since)
    self.commit = commit
    self.cause = CauseView(cause)
    approvedBy = approval?.by
    approved = approval.map { InstantText($0.at) }
  }

  package var id: BuildID { BuildID(job: job, number: build) }
}

/// Where a task of a build deploys to.
package struct TaskDeployView: Hashable, Sendable, Codable {
  package var environment: DeployTarget
  /// What it waits for or has there, until it has ended.
  package var status: EnvironmentPlace.Status?
  package var since: InstantText?
  package var approvedBy: String?
  package var approved: InstantText?

  package init(_ environment: DeployTarget, _ place: EnvironmentPlace?, _ approval: Approval?) {
    self.environment = environment
    status = place?.status
    since = place.map { InstantText($0.since) }
    approvedBy = approval?.by
    approved = approval.map { InstantText($0.at) }
  }
}
