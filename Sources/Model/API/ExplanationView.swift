/// Why a build is where it is, as the API says it.
package struct ExplanationView: Hashable, Sendable, Codable {
  package var job: JobName
  package var build: Int
  /// When it was looked at: all that is said holds for this moment.
  package var at: InstantText
  /// `null` until the build has ended.
  package var verdict: Verdict?
  /// What holds the build as a whole, when something does.
  package var reason: ReasonView?
  /// The tasks that have not ended.
  package var tasks: [TaskExplanationView]

  package init(_ build: BuildID, _ explanation: Explanation, verdict: Verdict?, at now: Timestamp) {
    job = build.job
    self.build = build.number
    at = InstantText(now)
    self.verdict = verdict
    reason = explanation.build.map { ReasonView($0, now) }
    tasks = explanation.tasks.map { TaskExplanationView(task: $0.task, reason: ReasonView($0.reason, now)) }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(job, forKey: .job)
    try container.encode(build, forKey: .build)
    try container.encode(at, forKey: .at)
    try container.encode(verdict, forKey: .verdict)
    try container.encodeIfPresent(reason, forKey: .reason)
    try container.encode(tasks, forKey: .tasks)
  }
}

package struct TaskExplanationView: Hashable, Sendable, Codable {
  package var task: TaskName
  package var reason: ReasonView
}
