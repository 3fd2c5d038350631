import Coordination
package import Model
import ObjectStorage

extension SharedRepository {
  /// How many ended builds are learned from.
  static let buildsToLearnFrom = 5

  /// How long the tasks of a build are expected to take, from the job's newest builds that have ended. At most one read of
  /// the index for each build, and one of an object where the newest is too large for it. What cannot be read is not
  /// known: nothing depends on it but an order.
  package func expectedDurations(of request: BuildRequest) async -> ExpectedDurations {
    if let known = durationCache.durations(for: request.build) { return known }
    let index = ObjectMap.builds(of: request.build.job)
    guard let entries = try? await objects.entries(in: index, after: "", limit: Self.buildsToLearnFrom) else {
      return .none
    }
    var builds: [[TaskName: Duration]] = []
    for (position, entry) in entries.enumerated() {
      guard position == 0 || (try? overflowObject(of: entry.value)) == .some(nil),
        let ended = try? await endedBuild(entry.value)
      else { continue }
      builds.append(durations(in: ended.record))
    }
    let durations = ExpectedDurations(builds)
    durationCache.keep(durations, for: request.build)
    return durations
  }

  /// What the tasks that succeeded took; nothing of a build whose job text is not at hand, which would cost another read.
  private func durations(in record: BuildRecord) -> [TaskName: Duration] {
    guard let job = jobCache.job(record.request.jobRevision), let plan = try? Plan(record.request, of: job) else {
      return [:]
    }
    var durations: [TaskName: Duration] = [:]
    for (task, state) in zip(plan.tasks, record.state.tasks) {
      guard let attempt = state.attempts.last, attempt.verdict == .succeeded else { continue }
      durations[task.name] = attempt.finished.since(attempt.started)
    }
    return durations
  }
}
