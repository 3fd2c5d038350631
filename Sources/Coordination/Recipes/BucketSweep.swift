import Model

/// Forgets the records of a list that are too old, a bucket at a time so that no sweep is long.
struct BucketSweep<Record: Decodable & Sendable>: Sendable {
  private let list: NodePath
  private let session: any CoordinationSession
  private let isOld: @Sendable (Record) -> Bool
  private var bucket = 0

  init(_ list: NodePath, in session: any CoordinationSession, where isOld: @escaping @Sendable (Record) -> Bool) {
    self.list = list
    self.session = session
    self.isOld = isOld
  }

  /// Sweeps the next bucket.
  mutating func step() async throws {
    let buckets = try await session.children(of: list) ?? []
    guard !buckets.isEmpty else { return }
    let path = list / buckets[bucket % buckets.count]
    bucket += 1
    for name in try await session.children(of: path) ?? [] {
      guard let node = try await session.read(path / name) else { continue }
      guard isOld(try JSONBytes.decode(Record.self, from: node.data)) else { continue }
      do {
        // One that was written anew in the meantime is not old any more.
        try await session.delete(path / name, expecting: node.version)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
  }
}
