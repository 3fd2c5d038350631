package import Model

/// Forgets deliveries that are too old to arrive again.
package struct DeliverySweep: Sendable {
  private var sweep: BucketSweep<DeliveryRecord>

  /// GitHub lets people redeliver what is younger than three days.
  package static let lifetime = Duration.seconds(30 * 86_400)

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    sweep = BucketSweep(NodeMap.deliveries, in: session) { now().since($0.received) > Self.lifetime }
  }

  /// Sweeps the next bucket.
  package mutating func step() async throws { try await sweep.step() }
}
