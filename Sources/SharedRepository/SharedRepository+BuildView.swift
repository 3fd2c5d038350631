package import Coordination
package import Model

extension SharedRepository {
  /// The build with, for the attempts that are under way, the workers that make them.
  func view(of record: BuildRecord) async throws -> BuildView {
    let request = record.request
    let plan = try await plan(of: record)
    let claims = record.state.verdict == nil ? try await claims(of: request.build) : [:]
    let tasks = zip(plan.tasks, record.state.tasks).enumerated().map { index, pair in
      var view = view(of: pair.0, pair.1, claims["t\(index)a\(pair.1.currentAttempt)"])
      view.deploy = pair.0.deployment?.target.map { TaskDeployView($0, pair.1.place, pair.1.approval) }
      return view
    }
    return BuildView(
      job: request.build.job, build: request.build.number, verdict: record.state.verdict,
      revision: request.jobRevision,
      parameters: Dictionary(uniqueKeysWithValues: request.parameters.map { ($0.key.rawValue, $0.value) }),
      cause: CauseView(request.cause, together: request.together, readBy: request.readBy),
      requested: InstantText(request.requested),
      started: record.state.started.map(InstantText.init), finished: record.state.finished.map(InstantText.init),
      cancelledBy: record.state.cancelled?.by, group: try await group(of: record.state), tasks: tasks,
      startedBuilds: [], notes: [])
  }

  private func group(of state: BuildState) async throws -> GroupView? {
    guard let place = state.group else { return nil }
    switch place.status {
    case .holds: return GroupView(name: place.group, status: .holds, since: place.since, holders: [])
    case .refused(let holder):
      return GroupView(
        name: place.group, status: .refused, since: place.since, holders: [.init(holder, since: nil)])
    case .waits:
      let holders = state.verdict == nil ? try await holders(ofGroup: place.group) : []
      return GroupView(
        name: place.group, status: .waits, since: place.since, holders: holders.map { .init($0.build, since: $0.since) }
      )
    }
  }

  private func view(of task: TaskDefinition, _ state: TaskState, _ claim: ClaimRecord?) -> TaskView {
    var attempts = state.attempts.map { AttemptView($0) }
    let status: TaskView.Status
    var nextAttempt: Timestamp?
    switch state.phase {
    case .waiting, .ready: status = .waiting
    case .ended: status = .ended
    case .resting(let time):
      status = .resting
      nextAttempt = time
    case .posted:
      status = claim == nil ? .queued : .running
      if let claim {
        attempts.append(AttemptView(number: state.currentAttempt, worker: claim.worker, started: claim.since))
      }
    }
    return TaskView(
      name: task.name, type: task.work.kind.rawValue, needs: task.needs, labels: task.labels, status: status,
      verdict: state.verdict, reason: state.reason, attempts: attempts,
      nextAttempt: nextAttempt.map(InstantText.init), excused: state.excused)
  }

  /// The attempts that are under way, by their tickets' names.
  package func claims(of build: BuildID) async throws -> [String: ClaimRecord] {
    try await places(of: build).compactMapValues { if case .claimed(let claim) = $0 { claim } else { nil } }
  }

  /// Where the tickets of the build's attempts are, by their names.
  package func places(of build: BuildID) async throws -> [String: TicketPlace] {
    var places: [String: TicketPlace] = [:]
    for name in try await session.children(of: NodeMap.build(build)) ?? [] {
      places[name] = try await place(of: name, of: build)
    }
    return places
  }
}
