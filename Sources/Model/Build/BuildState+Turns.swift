/// What a build has still to do with many of its tasks: one transaction does not hold ten thousand tickets, so they are
/// posted, or taken back, some at each turn.
struct Backlog: Hashable, Sendable, Codable {
  /// How many tasks are ready and not posted.
  var ready = 0
  /// The build was stopped: tasks from this one on have not been told so.
  var untold: Int?
  /// How many turns were announced.
  var turns = 0
  /// Whether the last of them is still to come.
  var isTurnOpen = false

  var isEmpty: Bool { ready == 0 && untold == nil }
}

extension BuildState {
  /// Tasks that are posted, or stopped, in one turn.
  package static let tasksPerTurn = 64

  /// Whether there are tasks that might be posted now.
  package var hasReadyTasks: Bool { (backlog?.ready ?? 0) > 0 }

  /// - Returns: whether that turn had been announced, and not come yet.
  mutating func endTurn(_ turn: Int) -> Bool {
    guard let open = backlog, open.isTurnOpen, open.turns == turn else { return false }
    backlog?.isTurnOpen = false
    return true
  }

  /// Announces another turn, if anything is left for one.
  mutating func announceTurn(_ step: inout BuildStep) {
    guard var left = backlog else { return }
    if left.isEmpty {
      // The number of turns is kept: news of an old one must not pass for that of a new one.
      if left.turns == 0 { backlog = nil }
    } else if !left.isTurnOpen {
      left.turns += 1
      left.isTurnOpen = true
      backlog = left
      step.actions.append(.proceed(turn: left.turns))
    }
  }

  /// Tells the next tasks that the build was stopped. Not whenever anything happens: what is withdrawn comes back as news
  /// of its end in the same step.
  mutating func stopSome(_ step: inout BuildStep) {
    guard var next = backlog?.untold else { return }
    let full = step.actions.count + Self.tasksPerTurn
    while next < tasks.count, step.actions.count < full {
      if !isSpared(next, step.plan) { stop(next, &step) }
      next += 1
    }
    backlog?.untold = next < tasks.count ? next : nil
  }

  /// Posts the next tasks that are ready: those that were left over before those that have just become so.
  mutating func postSome(_ step: inout BuildStep) {
    let older = backlog?.ready ?? 0
    guard older > 0 || !step.ready.isEmpty else { return }
    let fresh = step.ready.filter { tasks[$0].phase == .ready }
    let all = older == 0 ? fresh : someReady
    let now = all.prefix(Self.tasksPerTurn)
    for task in now { post(task, &step) }
    remember(ready: older + fresh.count - now.count)
  }

  /// Those with the smallest indices.
  private var someReady: [Int] {
    Array(
      tasks.indices.lazy.filter { tasks[$0].phase == .ready && gated?.contains($0) != true }.prefix(Self.tasksPerTurn))
  }

  private mutating func remember(ready: Int) {
    guard ready > 0 || backlog != nil else { return }
    var left = backlog ?? Backlog()
    left.ready = ready
    backlog = left
  }

  /// Takes back that anything was posted, because nothing of the build may begin now: what is ready waits, and is posted
  /// after the next event that comes, such as another `start`.
  ///
  /// - Parameter actions: what the event that was just taken in comes to.
  /// - Returns: those that are to happen nevertheless.
  package mutating func hold(_ actions: [BuildAction]) -> [BuildAction] {
    actions.filter { action in
      switch action {
      case .post(let task, _):
        tasks[task].phase = .ready
        remember(ready: (backlog?.ready ?? 0) + 1)
        return false
      case .proceed:
        guard backlog?.untold == nil else { return true }
        backlog?.isTurnOpen = false
        return false
      default: return true
      }
    }
  }
}
