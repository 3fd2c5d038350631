/// When a task runs: all that is given must hold. A task that does not run is skipped, and what needs it goes on as if it were
/// not there.
package struct Condition: Hashable, Sendable, Codable {
  package enum Status: String, Hashable, Sendable, Codable, CaseIterable {
    /// When all that it needs ended well.
    case success
    /// When all that it needs has ended, and something before it badly.
    case failure
    /// When all that it needs has ended, however.
    case always
  }

  package var status: Status
  /// Globs over the branch that was pushed; empty means any, and builds without one.
  package var branches: [String]
  /// What started the build; empty means anything.
  package var events: [String]
  /// Globs over the files that the push changed. Holds where they are not known.
  package var changed: [String]
  /// Values that the parameters must have.
  package var parameters: [ParameterName: String]

  package init(
    status: Status = .success, branches: [String] = [], events: [String] = [], changed: [String] = [],
    parameters: [ParameterName: String] = [:]
  ) {
    self.status = status
    self.branches = branches
    self.events = events
    self.changed = changed
    self.parameters = parameters
  }

  /// What every task has that says nothing else.
  package static let ordinary = Condition()
}

extension Job {
  /// The tasks whose `when` names files of which none is among these; `nil` when there are none.
  package func tasksUnchanged(by changed: Set<String>) -> [TaskName]? {
    let unchanged = tasks.filter { task in
      let globs = task.when.changed.compactMap { try? Glob($0) }
      return !globs.isEmpty && !changed.contains { path in globs.contains { $0.matches(path) } }
    }
    return unchanged.isEmpty ? nil : unchanged.map(\.name)
  }
}

extension Condition {
  /// Why a task with this condition does not run in a build, in a sentence; `nil` when it does, as far as that can be told
  /// before the build begins.
  ///
  /// - Parameter task: whose condition it is.
  package func exclusion(of task: TaskName, from request: BuildRequest) -> String? {
    // Most tasks have no condition, and the values of a build are not for nothing.
    if self == .ordinary { return nil }
    let branch = request.values[BuildValue.branch.rawValue] ?? ""
    // What a stranger calls a branch is no branch of the repository.
    if !branches.isEmpty, let pull = request.origin.pullRequest, pull.isFork {
      return "it runs only for the branch \(Self.list(branches)), and the pull request \(pull) comes from a fork"
    }
    if !branches.isEmpty, !branches.contains(where: { (try? Glob($0))?.matches(branch) ?? false }) {
      let found = branch.isEmpty ? "the build has no branch" : "the branch is \(branch.quoted)"
      return "it runs only for the branch \(Self.list(branches)), and \(found)"
    }
    if !events.isEmpty, !events.contains(request.origin.event) {
      return "it runs only for the event \(Self.list(events)), and this is a \(request.origin.event)"
    }
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) where request.parameters[name] != value {
      return "it runs only when \(name) is \(value.quoted), and it is \((request.parameters[name] ?? "").quoted)"
    }
    if !changed.isEmpty, request.unchanged?.contains(task) ?? false {
      return "it runs only when \(Self.list(changed)) changed, and nothing of it did"
    }
    return nil
  }

  private static func list(_ words: [String]) -> String { words.prefix(5).joined(separator: " or ").bounded(to: 200) }
}
