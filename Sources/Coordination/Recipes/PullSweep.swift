package import Model

/// Forgets pull requests that nobody has approved for long, and repositories that have none left.
package struct PullSweep: Sendable {
  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp
  private var step = 0

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// Sweeps the next repository.
  package mutating func next() async throws {
    let repositories = try await session.entries(inBucketsOf: NodeMap.pulls)
    guard !repositories.isEmpty else { return }
    let repository = repositories[step % repositories.count]
    step += 1
    for name in try await session.children(of: repository) ?? [] {
      guard let node = try await session.read(repository / name) else { continue }
      let record = try JSONBytes.decode(PullRecord.self, from: node.data)
      if now().since(record.since) > PullRecord.lifetime { try await remove(repository / name, node.version) }
    }
    // While one comes in, this fails, or that looks again.
    if try await session.read(repository)?.childCount == 0 { try await remove(repository, nil) }
  }

  private func remove(_ path: NodePath, _ version: Int?) async throws {
    do {
      try await session.delete(path, expecting: version)
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return
    }
  }
}
