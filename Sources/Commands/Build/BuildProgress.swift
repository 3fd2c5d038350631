package import Model

extension TaskView {
  /// Whether it waits for somebody to approve it.
  var isUnapproved: Bool { status == .waiting && deploy?.status == .unapproved && deploy?.approvedBy == nil }
}

/// What is said about a build that is waited for.
package enum BuildProgress {
  /// How long it takes already, and what runs.
  package static func line(_ view: BuildView, now: Timestamp) -> String {
    let elapsed = DurationText.text((view.finished?.time ?? now).since(view.requested.time))
    let ended = view.tasks.count { $0.status == .ended }
    let running = view.tasks.filter { $0.status == .running }.map(\.name.rawValue)
    let queued = view.tasks.filter { $0.status == .queued }.map(\.name.rawValue)
    var text = "\(view.job)/\(view.build)  \(elapsed)  \(ended) of \(view.tasks.count) tasks"
    if !running.isEmpty { text += "  running: \(running.joined(separator: ", "))" }
    let unapproved = view.tasks.filter(\.isUnapproved).map(\.name.rawValue)
    if !unapproved.isEmpty { text += "  waiting for approval: \(unapproved.joined(separator: ", "))" }
    if !queued.isEmpty { text += "  waiting for a worker: \(queued.joined(separator: ", "))" }
    return text
  }

  /// A line for each task that is not where it was.
  package static func changes(from old: BuildView?, to new: BuildView) -> [String] {
    let before = Dictionary((old?.tasks ?? []).map { ($0.name, $0) }) { first, _ in first }
    return new.tasks.compactMap { task in
      let now = state(of: task)
      guard task.status != .waiting || task.deploy?.status != nil, before[task.name].map(state) != now else {
        return nil
      }
      return TerminalText.line("\(new.job)/\(new.build) \(task.name): \(now)")
    }
  }

  private static func state(of task: TaskView) -> String {
    switch task.status {
    case .waiting: waiting(task)
    case .resting:
      "waits for its next attempt" + (task.nextAttempt.map { " at \($0)" } ?? "")
        + (task.reason.map { ", since \($0)" } ?? "")
    case .queued: "waits for a worker"
    case .running: "running" + (task.attempts.last?.worker.map { " on \($0)" } ?? "") + attempt(task)
    case .ended: (task.verdict?.rawValue ?? "ended") + attempt(task) + (task.reason.map { ": \($0)" } ?? "")
    }
  }

  private static func waiting(_ task: TaskView) -> String {
    guard let deploy = task.deploy, deploy.status != nil else { return "waits for other tasks" }
    return task.isUnapproved
      ? "waits for somebody to approve that it deploys to \(deploy.environment): see 'distci environment approve'"
      : "waits to deploy to \(deploy.environment)"
  }

  private static func attempt(_ task: TaskView) -> String {
    guard let number = task.attempts.last?.number, number > 1 else { return "" }
    return " (attempt \(number))"
  }
}
