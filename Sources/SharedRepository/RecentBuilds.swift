package import Coordination
package import Model
import Synchronization

/// Builds as this process left them with its latest step, where only one thing can happen to them next: that the one attempt
/// which was posted ends. Who is called for that need not read the build.
///
/// It may be out of date all the same: somebody may have cancelled the build, or moved it on elsewhere. What is worked out from
/// it changes the build, and so is stored at the version that it was left with, or not at all; then the build is read.
final class RecentBuilds: Sendable {
  private let builds = Mutex<[BuildID: RunningBuild]>([:])

  /// When there are more, all are forgotten: nothing is lost but a read.
  private static let most = 1_000
  /// Of larger builds it is not worth while to look at all tasks.
  private static let mostTasks = 16

  init() {}

  func keep(_ running: RunningBuild) {
    let build = running.record.request.build
    guard running.record.state.onlyPosted(ofAtMost: Self.mostTasks) != nil else { return }
    builds.withLock { builds in
      if builds.count >= Self.most { builds.removeAll(keepingCapacity: true) }
      builds[build] = running
    }
  }

  /// The build, unless something else has been told of than what is waited for. It is given out once.
  func take(_ build: BuildID, for event: BuildEvent) -> RunningBuild? {
    let kept = builds.withLock { $0.removeValue(forKey: build) }
    guard case .ended(let outcome) = event, let kept,
      let posted = kept.record.state.onlyPosted(ofAtMost: Self.mostTasks),
      posted == (outcome.task, outcome.attempt)
    else { return nil }
    return kept
  }
}

extension SharedRepository {
  /// Tells how a step of this process has left a build.
  ///
  /// - Parameters:
  ///   - earlier: what the step began with.
  ///   - data: what stands in the build's node now.
  package func keep(_ record: BuildRecord, _ data: [UInt8], after earlier: RunningBuild) {
    guard isWhole(data) else { return }
    recentBuilds.keep(RunningBuild(record: record, version: earlier.version + 1))
  }

  /// The build as a step of this process left it, when an event is what was to be expected then. Whatever follows must be stored
  /// at its version.
  package func recentBuild(_ build: BuildID, for event: BuildEvent) -> RunningBuild? {
    recentBuilds.take(build, for: event)
  }
}
