/// That somebody wants an environment to be as an earlier build left it.
package struct Rollback: Hashable, Sendable, Codable {
  package var environment: DeployTarget
  /// The build that deployed there before.
  package var to: BuildID
  package var by: String

  package init(environment: DeployTarget, to build: BuildID, by: String) {
    self.environment = environment
    to = build
    self.by = by
  }
}

/// What a build takes over from an earlier one that it repeats, beside its parameters and its job's text.
package struct FrozenInputs: Hashable, Sendable, Codable {
  /// Why the earlier build was started: what was pushed then counts for this one.
  package var cause: BuildCause
  /// The commits that its tasks checked out, in hexadecimal.
  package var commits: [TaskName: String]
  /// The builds that its tasks copied artifacts from.
  package var sources: [TaskName: BuildID]

  package init(cause: BuildCause, commits: [TaskName: String] = [:], sources: [TaskName: BuildID] = [:]) {
    self.cause = cause
    self.commits = commits
    self.sources = sources
  }
}

extension FrozenInputs {
  /// What a build was made of, as far as it has come.
  package init(_ request: BuildRequest, _ state: BuildState, _ plan: Plan) {
    self.init(
      cause: request.origin, commits: request.frozen?.commits ?? [:], sources: request.frozen?.sources ?? [:])
    for (task, state) in zip(plan.tasks, state.tasks) {
      guard let outcome = state.attempts.last, outcome.verdict == .succeeded else { continue }
      if case .gitCheckout = task.work { commits[task.name] = outcome.commit ?? commits[task.name] }
      sources[task.name] = outcome.source ?? sources[task.name]
    }
  }
}

extension BuildRequest {
  /// Why the build was started; of one that repeats an earlier build, why that one was.
  package var origin: BuildCause { frozen?.cause ?? cause }

  package var isRollback: Bool {
    if case .rollback = cause { true } else { false }
  }
}

extension BuildRequest {
  /// Why tasks do not run in this build.
  ///
  /// - Parameter conditions: what their own conditions say.
  func exclusions(of tasks: [TaskDefinition], beside conditions: [String?]) -> [String?] {
    guard case .rollback(let rollback) = cause else { return conditions }
    return zip(conditions, rollback.exclusions(of: tasks)).map { $0 ?? $1 }
  }
}

extension Rollback {
  /// Why tasks do not run in a build that rolls back: only what deploys to the environment does, and what that needs.
  ///
  /// - Parameter tasks: of the plan; needs name tasks of the list.
  func exclusions(of tasks: [TaskDefinition]) -> [String?] {
    let indices = Dictionary(tasks.indices.map { (tasks[$0].name, $0) }) { first, _ in first }
    var wanted = Set(tasks.indices.filter { tasks[$0].deployment?.target == environment })
    var open = Array(wanted)
    while let task = open.popLast() {
      for need in tasks[task].needs.compactMap({ indices[$0] }) where wanted.insert(need).inserted { open.append(need) }
    }
    return tasks.indices.map { index in
      if let other = tasks[index].deployment?.target, other != environment {
        return "it deploys to \(other), and only \(environment) is rolled back"
      }
      return wanted.contains(index) ? nil : "the rollback of \(environment) does not need it"
    }
  }
}
