/// Why a build is where it is.
package struct Explanation: Hashable, Sendable {
  /// What holds the build as a whole, when something does.
  package var build: WaitReason?
  /// Each task that has not ended, in the order of the job file.
  package var tasks: [Task]

  package struct Task: Hashable, Sendable {
    package var task: TaskName
    package var reason: WaitReason

    package init(_ task: TaskName, _ reason: WaitReason) {
      self.task = task
      self.reason = reason
    }
  }

  package init(build: WaitReason? = nil, tasks: [Task] = []) {
    self.build = build
    self.tasks = tasks
  }

  /// Works out the explanation. Pure and total.
  package init(of snapshot: BuildSnapshot) {
    build = snapshot.buildReason
    tasks = snapshot.plan.tasks.indices.compactMap { index in
      snapshot.reason(ofTask: index).map { Task(snapshot.plan.tasks[index].name, $0) }
    }
  }
}

extension BuildSnapshot {
  fileprivate var buildReason: WaitReason? {
    guard state.verdict == nil else { return nil }
    if state.cancelled == nil, let place = tickets["cancel"] {
      return .control(.cancelled, because: reason(of: place, in: .buildControl))
    }
    if state.started == nil { return start }
    let isHeld = plan.tasks.indices.contains { isReady($0) }
    return isHeld ? jobPause.map { $0.isEnding ? .resuming : .jobPaused($0) } : nil
  }

  /// Why a build that has not begun has not.
  private var start: WaitReason {
    if let group { return .group(group) }
    return .control(.triggered, because: tickets["start"].map { reason(of: $0, in: .buildControl) } ?? .changingHands)
  }

  /// - Returns: `nil` when the task has ended.
  fileprivate func reason(ofTask task: Int) -> WaitReason? {
    switch state.tasks[task].phase {
    case .ended: nil
    case .posted: posted(task)
    case .waiting, .ready: waiting(task)
    case .resting(let time): .retry(at: time, attempt: state.tasks[task].currentAttempt)
    }
  }

  /// Whether nothing that it needs keeps a task from being posted.
  private func isReady(_ task: Int) -> Bool {
    state.tasks[task].phase == .ready
  }

  private func waiting(_ task: Int) -> WaitReason {
    if state.started == nil { return start }
    let open = plan.needs[task].filter { !state.tasks[$0].hasEnded }
    if !open.isEmpty { return .needs(open.map { Need(plan.tasks[$0].name, progress(of: $0)) }) }
    if let jobPause { return jobPause.isEnding ? .resuming : .jobPaused(jobPause) }
    if let reason = deployReason(task) { return reason }
    // A task is posted together with the news that makes it ready, so that news was being taken in just then.
    return tickets["start"].map { .control(.triggered, because: reason(of: $0, in: .buildControl)) } ?? .changingHands
  }

  private func progress(of task: Int) -> Need.Progress {
    guard case .posted = state.tasks[task].phase, case .running(let worker, let since, let end) = posted(task) else {
      return .waiting
    }
    return .running(worker: worker, since: since, expectedEnd: end)
  }

  private func posted(_ task: Int) -> WaitReason {
    let ticket = "t\(task)a\(state.tasks[task].currentAttempt)"
    if let news = tickets[ticket + "e"] {
      return .control(.ended(plan.tasks[task].name), because: reason(of: news, in: .buildControl))
    }
    guard let place = tickets[ticket] else { return .changingHands }
    guard case .taken(let worker, let since, true) = place else { return reason(of: place, in: queue(of: task)) }
    if let by = state.cancelled?.by, !state.isSpared(task, plan) { return .stopping(worker: worker, by: by) }
    return .running(worker: worker, since: since, expectedEnd: end(of: task, since: since))
  }

  private func queue(of task: Int) -> QueueClass {
    QueueClass(kind: plan.tasks[task].work.kind, labels: plan.tasks[task].labels)
  }

  private func end(of task: Int, since start: Timestamp) -> Timestamp? {
    guard durations.indices.contains(task), let duration = durations[task] else { return nil }
    return start.adding(duration)
  }

  private func reason(of place: TicketStanding, in queue: QueueClass) -> WaitReason {
    switch place {
    case .queued(let place): reason(of: place)
    case .taken(let worker, let since, let isAlive):
      isAlive
        ? .running(worker: worker, since: since, expectedEnd: nil) : .workerLost(worker: worker, since: since)
    }
  }

  /// Why a ticket is in its queue, from the hardest obstacle to the softest.
  private func reason(of place: QueueStanding) -> WaitReason {
    let queue = place.queue
    for label in queue.labels {
      if let pause = labelPauses[label], !pause.isEnding { return .labelPaused(label, pause) }
    }
    if place.parked > 0 { return .handingOver }
    let able = fleet.members(for: queue)
    guard !able.isEmpty else { return nobody(for: queue) }
    guard able.contains(where: { !$0.isDraining }) else { return .draining(queue.kind, workers: able.count) }
    return .busy(
      QueueForecast(
        slots: fleet.slots(for: queue), position: Count(place.ahead.value + 1, isLeast: place.ahead.isLeast),
        total: place.total, expectedStart: place.wait.map { now.adding($0) }))
  }

  private func nobody(for queue: QueueClass) -> WaitReason {
    let ofKind = fleet.members(of: queue.kind)
    let workers = Count(ofKind.count, isLeast: fleet.isCut)
    guard !ofKind.isEmpty else { return .noWorker(queue.kind, lastSeen: fleet.lastSeen[.init(queue.kind)]) }
    let missing = queue.labels.first { label in !ofKind.contains { $0.labels.contains(label) } }
    guard let missing else { return .noCombination(queue.labels, queue.kind, workers: workers) }
    return .noLabel(missing, queue.kind, workers: workers, lastSeen: fleet.lastSeen[.init(queue.kind, missing)])
  }
}

extension QueueClass {
  /// Where build-control is called.
  package static let buildControl = QueueClass(kind: .buildControl, labels: [])
}
