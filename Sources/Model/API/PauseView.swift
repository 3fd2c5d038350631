/// What is paused, as the API shows it: a job, a label or an environment.
package struct PauseView: Hashable, Sendable, Codable {
  package var job: JobName?
  package var label: Label?
  package var environment: DeployTarget?
  package var by: String
  package var since: InstantText
  package var reason: String?

  package init(_ subject: PauseSubject, _ pause: Pause) {
    switch subject {
    case .job(let job): self.job = job
    case .label(let label): self.label = label
    case .environment(let environment): self.environment = environment
    }
    by = pause.by
    since = InstantText(pause.at)
    reason = pause.reason
  }
}
