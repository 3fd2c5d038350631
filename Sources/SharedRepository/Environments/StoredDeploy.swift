package import Model

/// Something that was deployed, or was to be, as history keeps it.
package struct StoredDeploy: Hashable, Sendable, Codable {
  package var build: BuildID
  package var task: TaskName
  /// How the task ended, when not with success.
  package var failure: Verdict?
  /// Of all that held the environment's lock: the greatest is what is live.
  package var position: Int
  /// When the task had ended.
  package var since: Timestamp
  /// The commit that was built, in hexadecimal, when one is known.
  package var commit: String?
  package var cause: BuildCause
  package var approval: Approval?

  /// The build that made what was deployed: of a rollback, the one that it repeats.
  package var made: BuildID {
    if case .rollback(let rollback) = cause { rollback.to } else { build }
  }
}

extension StoredDeploy {
  /// What a task of a build deployed, or had begun to; `nil` when it had not.
  package init?(_ task: Int, _ plan: Plan, _ state: BuildState) {
    let tasked = state.tasks[task]
    guard plan.tasks[task].deployment != nil, let verdict = tasked.verdict, let outcome = tasked.attempts.last,
      // An attempt that was taken back before anybody had begun it has no worker.
      verdict == .succeeded || tasked.attempts.contains(where: { !$0.worker.isEmpty }),
      let position = tasked.place?.position
    else { return nil }
    self.init(
      build: plan.request.build, task: plan.tasks[task].name, failure: verdict == .succeeded ? nil : verdict,
      position: position, since: outcome.finished,
      commit: outcome.commit ?? state.commit(before: task, plan), cause: plan.request.cause, approval: tasked.approval)
  }

  var view: DeployView {
    DeployView(
      build, task: task, since: since, commit: commit, cause: cause, approval: approval,
      verdict: failure ?? .succeeded)
  }
}
