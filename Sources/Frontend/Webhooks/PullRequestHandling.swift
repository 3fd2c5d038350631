import Model
import SharedRepository

/// Starts and ends what a pull request starts and ends.
struct PullRequestHandling {
  let repository: SharedRepository

  /// - Parameter delivery: the forge's number of this delivery; a delivery again has the same.
  func handle(_ event: PullRequestEvent, delivery: String?) async throws -> WebhookView {
    switch event.meaning {
    case .open: return view(try await repository.take(event.news, delivery: event.delivery(delivery)), event.cause)
    case .close:
      let pull = event.cause
      let cancelled = try await repository.closePullRequest(pull.repository, pull.number)
      var view = WebhookView(
        cancelled.isEmpty ? "no build of \(pull) is running" : "the running builds of \(pull) are cancelled")
      view.cancelled = cancelled.map(BuildReference.init)
      return view
    case .nothing:
      return WebhookView("pull requests that were '\(event.action.bounded(to: 50))' start nothing")
    }
  }

  private func view(_ taken: PullRequestTaken, _ pull: BuildCause.PullRequest) -> WebhookView {
    WebhookView(
      reason(taken, pull), started: taken.started.builds, isRepeat: taken.started.isRepeat,
      refused: taken.refused.map { .init(job: $0.job, message: $0.message, remedy: $0.remedy) })
  }

  private func reason(_ taken: PullRequestTaken, _ pull: BuildCause.PullRequest) -> String? {
    var reasons: [String] = []
    if taken.started.isRepeat {
      reasons.append("this was taken in before")
    } else if !taken.unapproved.isEmpty {
      reasons.append(
        "it comes from a fork, and \(names(taken.unapproved)) is built once somebody approves: 'distci pull-request "
          + "approve \(pull.repository) \(pull.number) --commit \(pull.commit)'")
    }
    if !taken.ignored.isEmpty { reasons.append("\(names(taken.ignored)) builds nothing of forks") }
    if reasons.isEmpty, taken.started.builds.isEmpty { return "no job waits for this pull request" }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  private func names(_ jobs: [JobName]) -> String {
    let more = jobs.count > 5 ? " and \(jobs.count - 5) others" : ""
    return jobs.prefix(5).map(\.rawValue).joined(separator: ", ") + more
  }
}
