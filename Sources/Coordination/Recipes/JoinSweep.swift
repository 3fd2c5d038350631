package import Model

/// Forgets what builds of old commits came to, a bucket at a time so that no sweep is long.
package struct JoinSweep: Sendable {
  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp
  private var bucket = 0

  /// Who builds a commit again after so long, begins anew.
  package static let lifetime = Duration.seconds(30 * 86_400)

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// Sweeps the next bucket.
  package mutating func step() async throws {
    let buckets = try await session.children(of: NodeMap.joins) ?? []
    guard !buckets.isEmpty else { return }
    let path = NodeMap.joins / buckets[bucket % buckets.count]
    bucket += 1
    for name in try await session.children(of: path) ?? [] {
      guard let node = try await session.read(path / name) else { continue }
      let record = try JSONBytes.decode(JoinRecord.self, from: node.data)
      guard now().since(record.updated) > Self.lifetime else { continue }
      do {
        try await session.delete(path / name, expecting: node.version)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
  }
}
