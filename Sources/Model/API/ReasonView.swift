/// Why something waits, as the API says it: a code for programs with what belongs to it, and a sentence for people.
package struct ReasonView: Hashable, Sendable, Codable {
  /// One word for programs, such as `slots-busy`.
  package var code: String
  /// A sentence without its full stop; times in UTC.
  package var message: String
  package var kind: TaskKind?
  package var labels: [Label]?
  package var tasks: [NeedView]?
  package var worker: String?
  package var by: String?
  /// Why it was paused.
  package var comment: String?
  package var since: InstantText?
  /// When it is expected to start or to end, or will be tried again.
  package var expected: InstantText?
  package var lastSeen: InstantText?
  package var workers: CountView?
  package var slots: CountView?
  package var position: CountView?
  package var total: CountView?
  package var attempt: Int?
  package var group: String?
  package var environment: DeployTarget?
  /// The build that is in the way; of several the one that has been for the longest time.
  package var holder: BuildReference?
  /// Those that are in the way beside it.
  package var others: [BuildReference]?
  /// `triggered`, `ended` or `cancelled`, of news that build-control waits for; `tasks` names the one that ended.
  package var news: String?
  /// Why the news has not been taken in; one at most.
  package var because: [ReasonView]?

  package init(_ reason: WaitReason, _ now: Timestamp) {
    code = reason.code
    message = reason.text(now)
    switch reason {
    case .needs(let needs): tasks = needs.map(NeedView.init)
    case .jobPaused(let pause): take(pause)
    case .retry(let time, let attempt): (expected, self.attempt) = (InstantText(time), attempt)
    case .group(let hold):
      (group, since, holder) = (hold.group, InstantText(hold.first.since), BuildReference(hold.first.build))
      others = hold.others.isEmpty ? nil : hold.others.map { BuildReference($0.build) }
    case .labelPaused(let label, let pause):
      labels = [label]
      take(pause)
    case .approval(let environment, let since): (self.environment, self.since) = (environment, InstantText(since))
    case .environmentPaused(let environment, let pause):
      self.environment = environment
      take(pause)
    case .environmentHeld(let hold):
      (environment, since, holder) = (hold.environment, InstantText(hold.since), BuildReference(hold.holder))
    case .noWorker, .noLabel, .noCombination, .draining: takeMissing(reason)
    case .busy(let forecast): take(forecast)
    case .running(let worker, let since, let end):
      (self.worker, self.since, expected) = (worker, InstantText(since), end.map(InstantText.init))
    case .workerLost(let worker, let since): (self.worker, self.since) = (worker, InstantText(since))
    case .stopping(let worker, let by): (self.worker, self.by) = (worker, by)
    case .control(let news, let reason):
      (self.news, because) = (news.code, [ReasonView(reason, now)])
      if case .ended(let task) = news { tasks = [NeedView(Need(task, .waiting))] }
    case .resuming, .handingOver, .changingHands: break
    }
  }

  private mutating func take(_ pause: Pause) {
    (by, since, comment) = (pause.by, InstantText(pause.at), pause.reason)
  }

  private mutating func take(_ forecast: QueueForecast) {
    (slots, position, total) = (
      CountView(forecast.slots), CountView(forecast.position), CountView(forecast.total)
    )
    expected = forecast.expectedStart.map(InstantText.init)
  }

  private mutating func takeMissing(_ reason: WaitReason) {
    switch reason {
    case .noWorker(let kind, let time): (self.kind, lastSeen) = (kind, time.map(InstantText.init))
    case .noLabel(let label, let kind, let workers, let time):
      (labels, self.kind, self.workers) = ([label], kind, CountView(workers))
      lastSeen = time.map(InstantText.init)
    case .noCombination(let labels, let kind, let workers):
      (self.labels, self.kind, self.workers) = (labels, kind, CountView(workers))
    case .draining(let kind, let workers): (self.kind, self.workers) = (kind, CountView(Count(workers)))
    default: break
    }
  }
}

/// A number that was counted up to a bound.
package struct CountView: Hashable, Sendable, Codable {
  package var value: Int
  /// Whether there are more than that.
  package var isLeast: Bool

  package init(_ count: Count) {
    value = count.value
    isLeast = count.isLeast
  }
}

/// A task that is waited for.
package struct NeedView: Hashable, Sendable, Codable {
  package var task: TaskName
  /// Of a running one.
  package var worker: String?
  package var since: InstantText?
  package var expected: InstantText?

  package init(_ need: Need) {
    task = need.task
    guard case .running(let worker, let since, let end) = need.progress else { return }
    (self.worker, self.since, expected) = (worker, InstantText(since), end.map(InstantText.init))
  }
}

extension ControlNews {
  fileprivate var code: String {
    switch self {
    case .triggered: "triggered"
    case .ended: "ended"
    case .cancelled: "cancelled"
    }
  }
}

extension WaitReason {
  /// Never changes once it is published.
  package var code: String {
    switch self {
    case .needs: "needs"
    case .jobPaused: "job-paused"
    case .resuming: "resuming"
    case .retry: "retry"
    case .group: "concurrency-group"
    case .approval: "approval"
    case .environmentPaused: "environment-paused"
    case .environmentHeld: "environment-held"
    case .labelPaused: "label-paused"
    case .noWorker: "no-worker"
    case .noLabel: "no-label"
    case .noCombination: "no-combination"
    case .draining: "draining"
    case .busy: "slots-busy"
    case .handingOver: "handing-over"
    case .running: "running"
    case .workerLost: "worker-lost"
    case .stopping: "stopping"
    case .changingHands: "changing-hands"
    case .control: "build-control"
    }
  }
}
