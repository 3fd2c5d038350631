import Model
import SharedRepository

/// Starts what a push starts.
struct PushHandling {
  let repository: SharedRepository

  /// - Parameter delivery: the forge's number of this delivery; a delivery again has the same.
  func handle(_ push: PushEvent, delivery: String?) async throws -> WebhookView {
    guard !push.isDeletion else { return WebhookView("the ref was deleted") }
    let (requests, refused) = try await requests(for: push)
    guard !requests.isEmpty else {
      return WebhookView("no job waits for this push", refused: refused)
    }
    let identity = Delivery(lasting: [delivery.map { "github:\($0)" }].compactMap(\.self), recent: [push.identity])
    let started = try await repository.start(requests, delivery: identity)
    return WebhookView(
      started.isRepeat ? "this push has started its builds before" : nil,
      started: started.builds, isRepeat: started.isRepeat, refused: refused)
  }

  /// What to start, and the jobs that wait for the push but cannot be built: they must not keep the others from it.
  private func requests(for push: PushEvent) async throws -> ([StartRequest], [WebhookView.Refusal]) {
    let changed = push.changedPaths
    var requests: [StartRequest] = []
    var refused: [WebhookView.Refusal] = []
    for name in try await repository.jobs(pushedTo: push.identities) {
      do {
        let job = try await repository.job(name).job
        guard let trigger = job.triggers.lazy.compactMap(\.push).first(where: { $0.matches(push, changed: changed) })
        else { continue }
        let request = StartRequest(job: name, cause: .push(push.cause(for: trigger)), changed: changed)
        try await repository.check(request)
        requests.append(request)
      } catch let error as RepositoryError where error.code != .unavailable {
        refused.append(WebhookView.Refusal(job: name, message: error.message, remedy: error.remedy))
      }
    }
    return (requests, refused)
  }
}

extension Trigger {
  fileprivate var push: PushTrigger? {
    if case .push(let trigger) = self { trigger } else { nil }
  }
}
