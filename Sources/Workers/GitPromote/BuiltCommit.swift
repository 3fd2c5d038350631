import Coordination
import Model
import SharedRepository

/// The commit that a build was made of.
enum BuiltCommit {
  /// What a checkout of the repository brought that the task follows; of several, the last in the job file. Without one, what
  /// was pushed to the repository, or is to be merged into it, to start the build.
  ///
  /// - Throws: ``TaskFailure`` when there is neither.
  static func find(of repository: String, for assignment: Assignment) async throws -> String {
    let (request, plan) = (assignment.attempt.request, assignment.plan)
    let identity = RepositoryIdentity.of(repository)
    if let state = try await assignment.repository.runningBuild(request.build)?.record.state {
      for task in plan.allBefore(assignment.attempt.task).reversed() {
        guard case .gitCheckout(let work) = plan.tasks[task].work, RepositoryIdentity.of(work.repository) == identity,
          let commit = state.tasks[task].attempts.last(where: { $0.verdict == .succeeded })?.commit
        else { continue }
        return commit
      }
    }
    if case .push(let push) = request.origin, CommitChoice.names(repository, push.repository),
      CommitChoice.isCommit(push.commit)
    {
      return push.commit
    }
    if let pull = request.origin.pullRequest, CommitChoice.names(repository, pull.repository),
      CommitChoice.isCommit(pull.commit)
    {
      return pull.commit
    }
    throw TaskFailure(
      "it is not known which commit of \(repository) was built; let the task need a git-checkout of it")
  }
}
