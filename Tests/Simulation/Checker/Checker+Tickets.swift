import Coordination
import Model

/// Which tickets a running build must have, and which it may have besides.
extension Checker {
  /// Every step that a running build waits for has exactly one ticket, or the news of its end has; and nothing else has.
  func checkTickets(of build: BuildID, _ who: String) {
    let counts = book.counts[build] ?? [:]
    for name in counts.keys.sorted() where counts[name, default: 0] > 1 && !isRepeatable(name, of: build) {
      report("ticket \(name) of \(build) is in \(counts[name, default: 0]) places, by \(who)")
    }
    guard let state = running[build]?.state, let request = running[build]?.request else { return }
    var expected: Set<String> = ["cancel", "supersede"]
    if state.started == nil || paused.contains(build.job) || deploying.contains(build) { expected.insert("start") }
    // Who approves may be late, and then it is in vain.
    if deploying.contains(build) { expected.formUnion(state.tasks.indices.map { "approve\($0)" }) }
    expected.formUnion(checkTurns(of: build, counts, who))
    let firsts = ["start", "cancel", "supersede"]
    if state.started == nil, firsts.allSatisfy({ counts[$0, default: 0] < 1 }) {
      report("build \(build) has not begun, and has no ticket to begin, by \(who)")
    }
    if state.deadline != nil {
      expected.insert("timeout")
      if state.cancelled == nil, counts["timeout", default: 0] != 1 {
        report("build \(build) has a deadline, and nothing tells it when that is over, by \(who)")
      }
    }
    for (index, task) in state.tasks.enumerated() {
      expected.formUnion(checkTickets(of: index, task, request, counts, who))
    }
    for name in counts.keys.sorted() where counts[name, default: 0] > 0 && !expected.contains(name) {
      report("ticket \(name) of \(build) stands for nothing, by \(who)")
    }
  }

  /// - Returns: the names of the tickets that the task may have.
  private func checkTickets(
    of index: Int, _ task: TaskState, _ request: BuildRequest, _ counts: [String: Int], _ who: String
  ) -> Set<String> {
    let build = request.build
    let name = "t\(index)a\(task.currentAttempt)"
    switch task.phase {
    case .waiting, .ready: return []
    case .resting:
      if counts[name + "w", default: 0] != 1 {
        report("attempt \(name) of \(build) rests, and nothing ends that, by \(who)")
      }
      return [name + "w"]
    case .posted:
      checkPlace(of: name, build, who)
      let count = counts[name, default: 0] + counts[name + "e", default: 0]
      if count != 1 { report("attempt \(name) of \(build) is posted, and has \(count) tickets, by \(who)") }
      return [name, name + "e"]
    case .ended(let verdict):
      // A cancellation takes the timer back; if that had fired already, its ticket comes in vain.
      let late = name + "w"
      let isLate = verdict == .cancelled && book.locations[build]?[late]?.hasPrefix("/timers/") == false
      return isLate ? [late] : []
    }
  }

  /// Whether several of such a ticket at a time are no mistake: people may say the same thing again, and who ends a pause
  /// calls builds that were called already.
  private func isRepeatable(_ name: String, of build: BuildID) -> Bool {
    name == "cancel" || name == "supersede" || name.hasPrefix("approve")
      || name == "start" && (paused.contains(build.job) || deploying.contains(build))
  }

  /// What is left for a turn is done by nobody but who has its ticket, unless something else happens first.
  ///
  /// - Returns: the names of the tickets for turns that the build may have.
  private func checkTurns(of build: BuildID, _ counts: [String: Int], _ who: String) -> Set<String> {
    let turns = Set(counts.keys.filter { $0.hasPrefix("proceed") && counts[$0, default: 0] > 0 })
    if turns.isEmpty, running[build]?.state.hasReadyTasks == true, !paused.contains(build.job) {
      report("\(build) has tasks that are ready, and no turn to come, by \(who)")
    }
    if turns.count > 1 { report("\(build) has several turns at a time: \(turns.sorted()), by \(who)") }
    if !turns.isEmpty, build.job.rawValue != "wide" { report("\(build) has turns, and few tasks, by \(who)") }
    return turns
  }
}
