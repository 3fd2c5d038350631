package import Coordination
import Crypto
package import Model

/// What one transaction changes about builds that are waited for together. All that is known of one commit, one set of jobs
/// and what they start is one node, written at the version that was read: so of builds that end at the same time, the one that
/// comes last finds the others there, and starts what follows, once.
package struct JoinBook: Sendable {
  private struct OpenJoin {
    var record: JoinRecord
    /// `nil` for a join that is not there yet.
    var version: Int?
    var isChanged = false
  }

  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp
  /// By their digests.
  private var joins: [String: OpenJoin] = [:]

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// What became of a build that ended.
  package enum Arrival: Hashable, Sendable {
    /// All are green, for the first time.
    case complete([BuildID])
    /// These are not green yet.
    case waiting([JobName])
    /// It started what follows before, or is not green itself.
    case nothing
  }

  /// Takes in how a build ended.
  ///
  /// - Parameters:
  ///   - rule: waits for several jobs.
  ///   - commit: that was built.
  package mutating func arrive(
    _ build: BuildID, isGreen: Bool, at commit: String, for rule: Continuation
  ) async throws -> Arrival {
    let jobs = Set(rule.all + [build.job]).sorted()
    let digest = Self.digest(rule.job, jobs, commit)
    guard var join = try await open(digest, isGreen: isGreen) else { return .nothing }
    let before = join.record
    join.record.arrive(build, isGreen: isGreen, at: now())
    join.isChanged = join.isChanged || join.record != before
    joins[digest] = join
    guard isGreen, join.record.started == nil else { return .nothing }
    let missing = join.record.missing(of: jobs)
    return missing.isEmpty ? .complete(join.record.builds(of: jobs)) : .waiting(missing)
  }

  /// Notes what was started because all were green.
  package mutating func start(_ started: BuildID, after build: BuildID, at commit: String, for rule: Continuation) {
    let digest = Self.digest(rule.job, Set(rule.all + [build.job]).sorted(), commit)
    joins[digest]?.record.started = started
    joins[digest]?.isChanged = true
  }

  package var changes: [Change] {
    get throws {
      try joins.filter(\.value.isChanged).sorted { $0.key < $1.key }.map { digest, join in
        let (path, data) = (NodeMap.join(digest), try JSONBytes.encode(join.record))
        return join.version.map { .write(path, data, expecting: $0) } ?? .create(path, data, .persistent)
      }
    }
  }

  /// - Returns: `nil` where nobody waits and a build that is not green changes nothing.
  private func open(_ digest: String, isGreen: Bool) async throws -> OpenJoin? {
    if let known = joins[digest] { return known }
    if let node = try await session.read(NodeMap.join(digest)) {
      return OpenJoin(record: try JSONBytes.decode(JoinRecord.self, from: node.data), version: node.version)
    }
    return isGreen ? OpenJoin(record: JoinRecord(updated: now())) : nil
  }

  private static func digest(_ job: JobName, _ jobs: [JobName], _ commit: String) -> String {
    // None of these holds a line break.
    let text = ([job.rawValue, commit.lowercased()] + jobs.map(\.rawValue)).joined(separator: "\n")
    return SHA256.hash(data: Array(text.utf8)).prefix(20).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
