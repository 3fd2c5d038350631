import Coordination
package import Model
import ObjectStorage

extension SharedRepository {
  /// How many ended builds are learned from.
  static let buildsToLearnFrom = 5

  /// How long the tasks of a build are expected to take, from the job's newest builds that have ended. At most one read of
  /// the index for each build, and those of objects where the newest is too large for it. What cannot be read is not
  /// known: nothing depends on it but an order.
  package func expectedDurations(of request: BuildRequest) async -> ExpectedDurations {
    if let known = durationCache.durations(for: request.build) { return known }
    guard let entries = await builds(toLearnFrom: request.build.job) else { return .none }
    var builds: [[TaskName: Duration]] = []
    for (position, entry) in entries.enumerated() {
      guard position == 0 || isWhole(entry.value), let number = ObjectMap.buildNumber(ofEntry: entry.key),
        let ended = try? await endedBuild(BuildID(job: request.build.job, number: number), entry.value),
        // What is not at hand would cost another read.
        let job = jobCache.job(ended.record.request.jobRevision),
        let plan = try? Plan(ended.record.request, of: job)
      else { continue }
      builds.append(durations(in: ended.record, plan))
    }
    let durations = ExpectedDurations(builds)
    durationCache.keep(durations, for: request.build)
    return durations
  }

  /// How long the tasks of a job are expected to take, for those who ask: reads whatever is needed to know it.
  package func expectedDurations(of job: JobName) async -> ExpectedDurations {
    var builds: [[TaskName: Duration]] = []
    for entry in await self.builds(toLearnFrom: job) ?? [] {
      guard let number = ObjectMap.buildNumber(ofEntry: entry.key),
        let ended = try? await endedBuild(BuildID(job: job, number: number), entry.value),
        let plan = try? await plan(of: ended.record)
      else {
        continue
      }
      builds.append(durations(in: ended.record, plan))
    }
    return ExpectedDurations(builds)
  }

  private func builds(toLearnFrom job: JobName) async -> [IndexEntry]? {
    try? await objects.entries(in: ObjectMap.builds(of: job), after: "", limit: Self.buildsToLearnFrom)
  }

  /// What the tasks that succeeded took.
  private func durations(in record: BuildRecord, _ plan: Plan) -> [TaskName: Duration] {
    var durations: [TaskName: Duration] = [:]
    for (task, state) in zip(plan.tasks, record.state.tasks) {
      guard let attempt = state.attempts.last, attempt.verdict == .succeeded else { continue }
      durations[task.name] = attempt.finished.since(attempt.started)
    }
    return durations
  }
}
