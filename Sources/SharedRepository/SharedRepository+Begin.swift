import Coordination
package import Model

/// Builds that begin with their creation.
///
/// Where build-control would do no more at first than post one attempt, whoever creates the build does so in the same
/// transaction, with the same pure function: the first task waits for no build-control worker, and a hand-over is saved. What
/// needs more than the request and the job's text is left to build-control: places in groups and environments, timers,
/// several tasks, whose order depends on past times, and a job that is paused.
extension SharedRepository {
  /// A build with more tasks is begun by build-control, so that many of them fit into the transaction of one trigger.
  private static let mostTasksBegun = 32

  /// Of more builds that start together, build-control begins each: a ticket of an attempt takes one change more of their
  /// transaction.
  static let mostBegunTogether = 100

  /// What a build begins with that begins at once.
  struct Begun: Sendable {
    let state: BuildState
    let ticket: Ticket
    private let beginning: TaskAttempt.Beginning

    fileprivate init(_ state: BuildState, _ ticket: Ticket, at time: Timestamp) {
      (self.state, self.ticket) = (state, ticket)
      beginning = TaskAttempt.Beginning(taskCount: state.tasks.count, time: time)
    }

    /// The ticket, whose news tell what the build began with.
    var tellingTicket: Ticket {
      guard case .attempt(var attempt) = ticket.work else { return ticket }
      attempt.beginning = beginning
      var ticket = ticket
      ticket.work = .attempt(attempt)
      return ticket
    }
  }

  /// The state in which a build is created that begins at once, and the ticket of its first attempt.
  ///
  /// - Returns: `nil` when build-control is to begin it.
  func begin(_ request: BuildRequest, _ plan: Plan) async throws -> Begun? {
    guard plan.tasks.count <= Self.mostTasksBegun, plan.timeout == nil else { return nil }
    var state = BuildState(taskCount: plan.tasks.count)
    let time = now()
    let actions = state.advance(plan, .start, now: time)
    guard actions.count == 1, case .post(let task, let number) = actions[0], plan.tasks[task].deployment == nil else {
      return nil
    }
    guard try await pause(of: .job(request.build.job)) == nil else { return nil }
    return Begun(state, Ticket.attempt(task, number, plan, state, at: time), at: time)
  }

  /// The build that a ticket tells of, as it was when it was created.
  ///
  /// - Returns: `nil` when the ticket does not tell, or what it tells does not fit the build's plan: then the build must be
  ///   read.
  package func firstState(of ticket: Ticket) async throws -> RunningBuild? {
    if let created = ticket.created {
      let state = BuildState(taskCount: created.taskCount)
      return RunningBuild(record: BuildRecord(request: created.request, state: state), version: 0)
    }
    guard let begun = ticket.begun, case .advance(.ended(let outcome)) = ticket.work else { return nil }
    let plan: Plan
    do {
      plan = try await self.plan(of: begun.request)
    } catch is RepositoryError {
      return nil
    }
    var state = BuildState(taskCount: begun.beginning.taskCount)
    guard plan.tasks.count == state.tasks.count,
      state.advance(plan, .start, now: begun.beginning.time) == [.post(task: outcome.task, attempt: outcome.attempt)]
    else { return nil }
    return RunningBuild(record: BuildRecord(request: begun.request, state: state), version: 0)
  }
}
