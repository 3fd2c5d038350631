import Coordination
package import Model

/// Environments as they are now.
extension SharedRepository {
  /// So many of the tasks that wait at an environment are shown.
  private static var mostShown: Int { 100 }

  /// The environments in the order of their names.
  package func environments() async throws -> [EnvironmentView] {
    let pauses = try await environmentPauses()
    let names = Set(try await environmentNames() + pauses.keys).sorted()
    return try await names.asyncMap { try await view(of: $0, pauses[$0], history: nil) }
  }

  /// One of them, with its history.
  ///
  /// - Parameter limit: of history, 1 to 1,000.
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func environment(_ environment: DeployTarget, history limit: Int) async throws -> EnvironmentView {
    let pause = try await environmentPauses()[environment]
    if pause == nil, try await !environmentNames().contains(environment) {
      throw RepositoryError.noEnvironment(environment)
    }
    return try await view(of: environment, pause, history: limit)
  }

  private func environmentPauses() async throws -> [DeployTarget: Pause] {
    try await pauses().reduce(into: [:]) { found, entry in
      if case .environment(let environment) = entry.0 { found[environment] = entry.1 }
    }
  }

  private func view(of target: DeployTarget, _ pause: Pause?, history limit: Int?) async throws -> EnvironmentView {
    let live = try await deploys(to: target, limit: 1).first?.view
    let history = if let limit { try await history(of: target, limit: limit).map(\.view) } else { nil as [DeployView]? }
    let record = try await environmentRecord(target)
    var waiting: [DeployTaskView] = []
    var unapproved: [DeployTaskView] = []
    for name in (try await session.children(of: NodeMap.environment(target)) ?? []).prefix(Self.mostShown) {
      guard let entry = EnvironmentEntry(name), let node = try await session.read(NodeMap.environment(target) / name)
      else { continue }
      let waiter = try JSONBytes.decode(EnvironmentWaiter.self, from: node.data)
      let view = DeployTaskView(entry.build, task: waiter.name, since: waiter.since)
      if entry.position == nil { unapproved.append(view) } else { waiting.append(view) }
    }
    return EnvironmentView(
      environment: target, live: live,
      holder: record?.holder.map { DeployTaskView($0.build, task: $0.name, since: $0.since) }, waiting: waiting,
      unapproved: unapproved, paused: pause.map { PauseView(.environment(target), $0) },
      history: history)
  }

  private func environmentRecord(_ target: DeployTarget) async throws -> EnvironmentRecord? {
    try await session.read(NodeMap.environment(target)).map {
      try JSONBytes.decode(EnvironmentRecord.self, from: $0.data)
    }
  }

  /// What is at the environments at which tasks of a build have a place.
  func standings(of state: BuildState, _ plan: Plan) async throws -> [DeployTarget: EnvironmentStanding] {
    var standings: [DeployTarget: EnvironmentStanding] = [:]
    for (task, state) in zip(plan.tasks, state.tasks) where state.place != nil && !state.hasEnded {
      guard let target = task.deployment?.target, standings[target] == nil else { continue }
      let holder = try await environmentRecord(target)?.holder
      standings[target] = EnvironmentStanding(
        pause: try await pause(of: .environment(target))?.0,
        holder: holder.map {
          EnvironmentHold(environment: target, since: $0.since, holder: $0.build, task: $0.name)
        })
    }
    return standings
  }

  /// Calls build-control for the task that holds an environment's lock, and may be posted now: all others wait for it.
  func callHolder(of environment: DeployTarget) async throws {
    guard let holder = try await environmentRecord(environment)?.holder,
      let running = try await runningBuild(holder.build)
    else { return }
    try await poster.post([.advance(.start, after: running.record.request, at: now())]) { false }
  }
}

extension RepositoryError {
  static func noEnvironment(_ environment: DeployTarget) -> RepositoryError {
    RepositoryError(
      .notFound, "nothing was ever deployed to an environment \(environment)",
      remedy: "list them with 'distci environment list'")
  }
}
