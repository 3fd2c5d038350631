package import Model

/// Removes environments at which nothing has happened for long, and frees what builds hold that are gone, as ``GroupSweep``
/// does with groups. What was deployed stays in history.
package struct EnvironmentSweep: Sendable {
  private let session: any CoordinationSession
  private let poster: TicketPoster
  private let now: @Sendable () -> Timestamp
  private var bucket = 0

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
    poster = TicketPoster(session: session, now: now)
  }

  /// Sweeps the next bucket.
  package mutating func step() async throws {
    let buckets = try await session.children(of: NodeMap.environments) ?? []
    guard !buckets.isEmpty else { return }
    let path = NodeMap.environments / buckets[bucket % buckets.count]
    bucket += 1
    for name in try await session.children(of: path) ?? [] {
      guard let environment = try? DeployTarget(name), let node = try await session.read(path / name) else { continue }
      let record = try JSONBytes.decode(EnvironmentRecord.self, from: node.data)
      if let emptied = record.emptied {
        if now().since(emptied) > GroupSweep.lifetime { try await remove(path / name, node.version) }
      } else {
        try await free(environment, record)
      }
    }
  }

  private func free(_ environment: DeployTarget, _ record: EnvironmentRecord) async throws {
    let names = try await session.children(of: NodeMap.environment(environment)) ?? []
    let builds = Set(names.compactMap { EnvironmentEntry($0)?.build } + [record.holder?.build].compactMap(\.self))
    // What has a place here was there when it got it, which was just read: where it is not, it is gone.
    for build in builds where try await session.read(NodeMap.build(build)) == nil {
      do {
        var book = EnvironmentBook(session: session, now: now)
        let tickets = try await book.leave(build, task: nil, at: environment)
        // A repeated call does nothing.
        try await poster.post(tickets, with: try book.changes) { false }
      } catch let error as CoordinationError where error.isOvertaken {
        continue
      }
    }
  }

  private func remove(_ environment: NodePath, _ version: Int) async throws {
    do {
      try await session.delete(environment, expecting: version)
    } catch let error as CoordinationError where error.isOvertaken {
      return
    }
  }
}
