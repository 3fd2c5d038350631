/// What stands between a task and the environment that it deploys to.
package struct EnvironmentStanding: Hashable, Sendable {
  package var pause: Pause?
  /// Who holds the lock.
  package var holder: EnvironmentHold?

  package init(pause: Pause? = nil, holder: EnvironmentHold? = nil) {
    self.pause = pause
    self.holder = holder
  }
}

/// A task that deploys to an environment, or is about to.
package struct EnvironmentHold: Hashable, Sendable {
  package var environment: DeployTarget
  package var since: Timestamp
  package var holder: BuildID
  package var task: TaskName

  package init(environment: DeployTarget, since: Timestamp, holder: BuildID, task: TaskName) {
    self.environment = environment
    self.since = since
    self.holder = holder
    self.task = task
  }
}

extension BuildSnapshot {
  /// Why a task that could run does not deploy, when its environment is in the way.
  func deployReason(_ task: Int) -> WaitReason? {
    guard let environment = plan.tasks[task].deployment?.target, let place = state.tasks[task].place else { return nil }
    if place.status == .unapproved, state.lacksApproval(task, plan) {
      // Who has approved it a moment ago is about to be heard.
      if tickets["approve\(task)"] != nil { return nil }
      return .approval(environment, since: place.since)
    }
    guard let standing = environments[environment] else { return nil }
    if let pause = standing.pause { return pause.isEnding ? .resuming : .environmentPaused(environment, pause) }
    guard let hold = standing.holder, hold.holder != plan.request.build || hold.task != plan.tasks[task].name else {
      return nil
    }
    return .environmentHeld(hold)
  }
}

extension WaitReason {
  /// The sentence of a reason that an environment gives.
  func deploy(_ words: MomentText) -> String {
    switch self {
    case .approval(let environment, let since):
      "waits since \(words.clock(since)) for somebody to approve that it deploys to \(environment)"
    case .environmentPaused(let environment, let pause):
      "the environment \(environment) is paused \(pause.text(words))"
    case .environmentHeld(let hold):
      "the environment \(hold.environment) is held since \(words.clock(hold.since)) by task \(hold.task) of build "
        + "\(hold.holder)"
    default: ""
    }
  }
}
