/// What only a damaged store says: numbers that stand for nothing that there is. A state that was read is looked at before
/// anybody works with it, so that the reducer and the views may take it at its word.
extension BuildState {
  /// - Parameter pages: those of its tasks' states that are to be looked at; what stands on none always is.
  /// - Returns: what is wrong with it, in a few words; `nil` when nothing is.
  package func flaw(on pages: some Sequence<Int>) -> String? {
    if let flaw = ownFlaw { return flaw }
    for page in pages {
      if let flaw = flaw(onPage: page) { return flaw }
    }
    return nil
  }

  private func flaw(onPage page: Int) -> String? {
    for (offset, task) in tasks[page: page].enumerated() {
      let index = page * TaskTable.pageSize + offset
      if let flaw = task.flaw(at: index, of: tasks.count) { return "task \(index): \(flaw)" }
    }
    return nil
  }

  private var ownFlaw: String? {
    let all = 0...tasks.count
    if !(gated ?? []).allSatisfy(tasks.indices.contains) { return "a task waits that is not there" }
    if let backlog, !all.contains(backlog.ready) || !all.contains(backlog.untold ?? 0) || !backlog.turns.isCount {
      return "more is left to do than there is"
    }
    if !tally.isOf(tasks.count) { return "more tasks have ended than there are" }
    let times = [started, finished, deadline, cancelled?.at, group?.since].compactMap(\.self)
    return times.allSatisfy(\.isKnownToCalendars) ? generatorFlaw : "there is no such time"
  }

  /// The tasks of a list come after all that were there before it.
  private var generatorFlaw: String? {
    let lists = generators ?? []
    guard lists.allSatisfy({ (0...Plan.mostTasks).contains($0.count) }) else { return "a list is too long" }
    var known = tasks.count - lists.reduce(0) { $0 + $1.count }
    for list in lists {
      guard known > 0, (0..<known).contains(list.task) else { return "a list was written by a task that is not there" }
      known += list.count
    }
    return nil
  }
}

extension TaskState {
  /// - Parameters:
  ///   - index: of the task.
  ///   - count: how many tasks there are.
  fileprivate func flaw(at index: Int, of count: Int) -> String? {
    if let checkout, !(0..<count).contains(checkout) { return "it works on the commit of a task that is not there" }
    if !(0...count).contains(needsEnded) { return "more that it needs has ended than there is" }
    for attempt in attempts {
      guard attempt.task == index else { return "an attempt was at task \(attempt.task)" }
      guard attempt.isCounted else { return "an attempt has numbers that nothing is counted by" }
    }
    let times = [phase.time, place?.since, approval?.at].compactMap(\.self)
    return times.allSatisfy(\.isKnownToCalendars) ? nil : "there is no such time"
  }
}

extension TaskState.Phase {
  fileprivate var time: Timestamp? {
    switch self {
    case .posted(let time), .resting(let time): time
    case .waiting, .ready, .ended: nil
    }
  }
}

extension AttemptOutcome {
  fileprivate var isCounted: Bool {
    let counts = [attempt, logSize, artifacts, tests ?? 0, generated ?? 0, jobFiles ?? 0]
    return counts.allSatisfy(\.isCount) && started.isKnownToCalendars && finished.isKnownToCalendars
  }
}

extension Int {
  /// Whether anything of a build is counted so: some more of it can still be counted.
  fileprivate var isCount: Bool { (0..<1 << 48).contains(self) }
}

extension Timestamp {
  /// Whether it is in the years 1 to 9999: anything can be added to it, and people can read it.
  fileprivate var isKnownToCalendars: Bool { (-62_135_596_800_000..<253_402_300_800_000).contains(milliseconds) }
}
