package import Model

/// Forgets deliveries that are too old to arrive again, a bucket at a time so that no sweep is long.
package struct DeliverySweep: Sendable {
  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp
  private var bucket = 0

  /// GitHub lets people redeliver what is younger than three days.
  package static let lifetime = Duration.seconds(30 * 86_400)

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// Sweeps the next bucket.
  package mutating func step() async throws {
    let buckets = try await session.children(of: NodeMap.deliveries) ?? []
    guard !buckets.isEmpty else { return }
    let path = NodeMap.deliveries / buckets[bucket % buckets.count]
    bucket += 1
    for name in try await session.children(of: path) ?? [] {
      guard let node = try await session.read(path / name) else { continue }
      let record = try JSONBytes.decode(DeliveryRecord.self, from: node.data)
      guard now().since(record.received) > Self.lifetime else { continue }
      do {
        try await session.delete(path / name)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
  }
}
