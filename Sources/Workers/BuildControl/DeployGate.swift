import Coordination
import Model
import SharedRepository

/// Lets the tasks of a build deploy one at a time to each environment, when they may: all of it in the transaction that
/// stores the build's new state.
struct DeployGate: Sendable {
  private let repository: SharedRepository
  private let plan: Plan
  private var book: EnvironmentBook

  init(repository: SharedRepository, plan: Plan) {
    self.repository = repository
    self.plan = plan
    book = EnvironmentBook(session: repository.session, now: repository.now)
  }

  /// Gives back the places of tasks that have ended, and takes back the postings of those that may not deploy now.
  ///
  /// - Parameters:
  ///   - actions: what the event comes to; may be more afterwards.
  ///   - step: what has to happen as well is added to it.
  ///   - heldBack: tasks that might have been posted, were it not for the pause of their job.
  mutating func pass(
    _ actions: inout [BuildAction], _ state: inout BuildState, _ step: inout Step, heldBack: [Int]
  ) async throws {
    guard !plan.deploying.isEmpty else { return }
    for task in heldBack { try await stepAside(task, &state, &step) }
    var admitted: Set<Int> = []
    repeat {
      try await letGo(&state, &step)
      while let position = actions.firstIndex(where: {
        $0.posted.map { isMeant($0) && !admitted.contains($0) } ?? false
      }),
        let task = actions[position].posted
      {
        guard try await !admit(task, &state, &step) else {
          admitted.insert(task)
          continue
        }
        actions.remove(at: position)
        if case .posted = state.tasks[task].phase { actions += refuse(task, &state) }
      }
    } while !state.leaving(plan).isEmpty
    step.changes += try book.changes
  }

  /// Gives back the place of a task whose job is paused, and which does nothing there: who pauses one job does not keep the
  /// environment from the others. It takes a place anew when its job is resumed. That somebody has to approve it stays.
  private mutating func stepAside(_ task: Int, _ state: inout BuildState, _ step: inout Step) async throws {
    guard let place = state.tasks[task].place, place.status != .unapproved else { return }
    step.tickets += try await book.leave(plan.request.build, task: task, at: place.environment)
    state.take(nil, task)
  }

  private func isMeant(_ task: Int) -> Bool { plan.tasks[task].deployment != nil }

  /// What was deployed is noted first, so that it stands in history when the task is seen to have ended.
  private mutating func letGo(_ state: inout BuildState, _ step: inout Step) async throws {
    for task in state.leaving(plan) {
      guard let place = state.tasks[task].place else { continue }
      if let deploy = StoredDeploy(task, plan, state) { try await repository.record(deploy, at: place.environment) }
      step.tickets += try await book.leave(plan.request.build, task: task, at: place.environment)
      state.take(nil, task)
    }
  }

  /// - Returns: whether the task may be posted. If not, it waits, or is still posted when there is no room for it to wait.
  private mutating func admit(_ task: Int, _ state: inout BuildState, _ step: inout Step) async throws -> Bool {
    guard let target = plan.tasks[task].deployment?.target else { return true }
    let now = repository.now()
    let waiter = EnvironmentWaiter(
      call: .advance(.start, after: plan.request, at: now), task: task, name: plan.tasks[task].name, since: now)
    let repository = repository
    let place: EnvironmentPlace
    do {
      place =
        if state.lacksApproval(task, plan) {
          try await book.list(waiter, at: target) { try await repository.register(target) }
        } else {
          try await book.enter(waiter, at: target) { try await repository.register(target) }
        }
    } catch is EnvironmentFull {
      return false
    }
    guard place.status == .holds, try await !isPaused(target, &step) else {
      state.hold(task, at: place)
      return false
    }
    state.take(place, task)
    return true
  }

  private func isPaused(_ target: DeployTarget, _ step: inout Step) async throws -> Bool {
    guard let (pause, version) = try await repository.pause(of: .environment(target)), !pause.isEnding else {
      return false
    }
    // Whoever ends the pause changes its node first, and calls the holder then: one of the two sees the other.
    step.changes.append(.check(NodeMap.pause(of: .environment(target)), expecting: version))
    return true
  }

  /// Ends the attempt at a task that cannot even wait.
  private func refuse(_ task: Int, _ state: inout BuildState) -> [BuildAction] {
    let (now, environment) = (repository.now(), plan.tasks[task].deployment?.environment ?? "")
    return state.advance(
      plan,
      .ended(
        AttemptOutcome(
          task: task, attempt: state.tasks[task].currentAttempt, token: "none", worker: "", verdict: .failed,
          message: "\(EnvironmentBook.mostWaiting) tasks wait at the environment \(environment) already", started: now,
          finished: now)),
      now: now)
  }
}
