import Coordination
package import Model

/// Letting tasks deploy.
extension SharedRepository {
  /// Lets a task of a build deploy. Counts for this very task of this very build. Whoever says it twice has said it once.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`; `invalid` when the task takes no approval; `conflict` when somebody
  ///   else has approved it, it has ended, or it has not come so far.
  package func approve(_ build: BuildID, task name: TaskName, by who: String) async throws {
    // Whoever approves has seen that it waits, perhaps through another session.
    try await session.synchronize()
    guard let running = try await runningBuild(build) else {
      guard try await endedBuild(build) == nil else {
        throw RepositoryError(.conflict, "build \(build) has ended already", remedy: "there is nothing to approve")
      }
      throw RepositoryError.noBuild(build)
    }
    let (state, plan) = (running.record.state, try await plan(of: running.record.request))
    guard let task = plan.tasks.firstIndex(where: { $0.name == name }) else {
      throw RepositoryError(
        .notFound, "build \(build) has no task \(name)", remedy: "see its tasks with 'distci build show \(build)'")
    }
    let by = who.bounded(to: Pause.longestName)
    if state.tasks[task].approval?.by == by { return }
    try check(state.tasks[task], plan.tasks[task], of: plan.request)
    let event = BuildEvent.approve(task: task, by: by, at: now())
    // A second ticket would do no harm: a task is approved once.
    try await poster.post([.advance(event, after: running.record.request, at: now())]) { false }
  }

  private func check(_ state: TaskState, _ task: TaskDefinition, of request: BuildRequest) throws {
    guard task.deployment?.approval == true, !request.isRollback else {
      throw RepositoryError(
        .invalid, "task \(task.name) of build \(request.build) takes no approval", remedy: "there is nothing to approve"
      )
    }
    if let approval = state.approval {
      throw RepositoryError(
        .conflict, "task \(task.name) of build \(request.build) was approved by \(approval.by) at \(approval.at.text)",
        remedy: "there is nothing more to approve")
    }
    guard !state.hasEnded else {
      throw RepositoryError(
        .conflict, "task \(task.name) of build \(request.build) has ended already",
        remedy: "start the build again if it shall deploy")
    }
    guard state.place?.status == .unapproved else {
      throw RepositoryError(
        .conflict, "task \(task.name) of build \(request.build) does not wait for approval yet",
        remedy: "see what it waits for with 'distci build explain \(request.build)'")
    }
  }
}
