package import Coordination
package import Model
import ObjectStorage

/// The plans that builds follow.
extension SharedRepository {
  /// The plan of a build as it stands now, with all that its tasks have added to it.
  ///
  /// - Throws: ``RepositoryError``; with `damaged` also when the state is not one of that plan.
  package func plan(of record: BuildRecord) async throws -> Plan {
    let plan = try await plan(of: record.request, with: record.state.generators ?? []) {
      record.state.tasks[$0].attempts.last
    }
    guard plan.tasks.count == record.state.tasks.count else {
      throw RepositoryError.flawedState(
        of: record.request.build, "it is of \(record.state.tasks.count) tasks, and the build has \(plan.tasks.count)")
    }
    return plan
  }

  /// The plan of a build once an event has been taken in.
  ///
  /// - Returns: also the event, which is another one when the list that it brings cannot join the build.
  package func plan(of record: BuildRecord, after event: BuildEvent) async throws -> (Plan, BuildEvent) {
    let plan = try await plan(of: record)
    let generators = record.state.generators(after: event)
    guard case .ended(var outcome) = event, let added = generators.last,
      generators.count > record.state.generators?.count ?? 0
    else { return (plan, event) }
    do {
      return (try await extended(plan, by: added, outcome, lists: generators.map(\.task)), event)
    } catch let error as RepositoryError where error.code == .invalid {
      outcome.verdict = .failed
      outcome.message = error.message
      outcome.generated = nil
      return (plan, .ended(outcome))
    }
  }

  /// The plan that a build begins with.
  package func plan(of request: BuildRequest) async throws -> Plan {
    let key = PlanCache.Key(build: request.build, requestID: request.requestID, lists: [])
    if let known = planCache.plan(key) { return known }
    let job = try await job(request.build.job, revision: request.jobRevision)
    do {
      let plan = try Plan(request, of: job)
      planCache.keep(plan, as: key)
      return plan
    } catch {
      throw RepositoryError(error)
    }
  }

  private func plan(
    of request: BuildRequest, with generators: [Generator], outcome: (Int) -> AttemptOutcome?
  ) async throws -> Plan {
    let lists = generators.map(\.task)
    var key = PlanCache.Key(build: request.build, requestID: request.requestID, lists: lists)
    while !key.lists.isEmpty, planCache.plan(key) == nil { key.lists.removeLast() }
    let known = planCache.plan(key)
    var plan = if let known { known } else { try await self.plan(of: request) }
    for (index, generator) in generators.enumerated().dropFirst(key.lists.count) {
      plan = try await extended(plan, by: generator, outcome(generator.task), lists: Array(lists.prefix(index + 1)))
    }
    return plan
  }

  /// - Throws: ``RepositoryError`` with `invalid` when the list cannot join the plan.
  private func extended(
    _ plan: Plan, by generator: Generator, _ outcome: AttemptOutcome?, lists: [Int]
  ) async throws -> Plan {
    guard plan.tasks.indices.contains(generator.task) else {
      throw RepositoryError.flawedState(of: plan.request.build, "a list was written by a task that is not there")
    }
    let storage = storage(
      of: outcome?.madeIn ?? plan.request.build, task: plan.tasks[generator.task].name, token: outcome?.token ?? "")
    let tasks = try await storage.generatedTasks(references: plan.request.values.keys)
    var extended = plan
    do {
      try extended.join(tasks, by: generator.task)
    } catch {
      throw RepositoryError(error)
    }
    guard extended.tasks.count == plan.tasks.count + generator.count else {
      throw RepositoryError(
        .damaged, "the list of task \(plan.tasks[generator.task].name) is not what it was", remedy: "build it again")
    }
    let request = plan.request
    planCache.keep(
      extended, as: PlanCache.Key(build: request.build, requestID: request.requestID, lists: lists))
    return extended
  }
}
