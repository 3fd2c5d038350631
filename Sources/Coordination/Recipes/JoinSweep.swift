package import Model

/// Forgets what builds of old commits came to.
package struct JoinSweep: Sendable {
  private var sweep: BucketSweep<JoinRecord>

  /// Who builds a commit again after so long, begins anew.
  package static let lifetime = Duration.seconds(30 * 86_400)

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    sweep = BucketSweep(NodeMap.joins, in: session) { now().since($0.updated) > Self.lifetime }
  }

  /// Sweeps the next bucket.
  package mutating func step() async throws { try await sweep.step() }
}
