import Coordination
package import Model
import ObjectStorage

/// Builds that are started by the ends of several others. The end of the last of them names what it starts; the others had
/// ended before, and their ends in history stay as they are.
extension SharedRepository {
  /// Notes of builds that have ended what is about to be started after them and another one. It is written before the
  /// transaction that starts the build, so that it is there whoever is killed, and counts only if that transaction did.
  package func note(_ following: BuildID, after builds: [BuildID]) async throws {
    for build in builds {
      let change = IndexChange(key: ObjectMap.followingEntry(build, following), value: [])
      try await objects.update(ObjectMap.following(build.job), [change])
    }
  }

  /// What was started after the build had ended, and others with it.
  func following(_ build: BuildID) async throws -> [BuildID] {
    let prefix = ObjectMap.followingPrefix(build)
    let entries = try await objects.entries(
      in: ObjectMap.following(build.job), after: prefix, limit: Self.mostFollowing)
    var builds: [BuildID] = []
    for entry in entries.prefix(while: { $0.key.hasPrefix(prefix) }) {
      guard let noted = try? BuildID(parsing: String(entry.key.dropFirst(prefix.count))) else { continue }
      // The number may have gone to another build, when the one of the note was not started.
      if try await request(of: noted)?.together?.contains(build) == true { builds.append(noted) }
    }
    return builds
  }

  /// More than one job's rules can start, with some that were not.
  private static let mostFollowing = 200

  private func request(of build: BuildID) async throws -> BuildRequest? {
    if let running = try await runningBuild(build) { return running.record.request }
    return try await endedBuild(build)?.record.request
  }
}
