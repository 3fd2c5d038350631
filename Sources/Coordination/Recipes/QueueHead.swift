package import Model

/// A ticket at the head of its queue.
package struct QueuedTicket: Sendable {
  package let ticket: Ticket
  package let entry: NodePath
}

/// The heads of the queues that a slot may take from.
package struct QueueHead: Sendable {
  private let session: any CoordinationSession

  package init(session: any CoordinationSession) {
    self.session = session
  }

  /// The first ticket of a kind for which these labels are enough; `nil` when there is none.
  ///
  /// - Parameter lookahead: picks at random among so many at the head, for those who were overtaken there.
  package func next(_ kind: TaskKind, offering labels: Set<Label>, lookahead: Int = 1) async throws -> QueuedTicket? {
    while true {
      let heads = try await heads(kind, offering: labels, lookahead)
      for entry in heads.sorted(by: { $0.name < $1.name }) {
        if let node = try await session.read(entry) {
          return QueuedTicket(ticket: try JSONBytes.decode(Ticket.self, from: node.data), entry: entry)
        }
      }
      // Heads that are gone by now say nothing of what stands behind them.
      if heads.isEmpty { return nil }
    }
  }

  /// One entry at the head of each queue that these labels are enough for, and that has any.
  private func heads(
    _ kind: TaskKind, offering labels: Set<Label>, _ lookahead: Int
  ) async throws -> [NodePath] {
    var heads: [NodePath] = []
    for wanted in try await session.children(of: NodeMap.queues(kind)) ?? [] {
      guard labels.isSuperset(of: NodeMap.labels(ofComponent: wanted)) else { continue }
      let names = try await firstBucket(of: NodeMap.queues(kind) / wanted)
      if let entry = names.prefix(lookahead).randomElement() { heads.append(entry) }
    }
    return heads
  }

  /// The first ticket of one queue; `nil` when there is none.
  package func next(in queue: NodePath) async throws -> QueuedTicket? {
    while let entry = try await firstBucket(of: queue).first {
      if let node = try await session.read(entry) {
        return QueuedTicket(ticket: try JSONBytes.decode(Ticket.self, from: node.data), entry: entry)
      }
    }
    return nil
  }

  /// The entries of the first bucket that has any. Empty buckets before it are removed.
  private func firstBucket(of queue: NodePath) async throws -> [NodePath] {
    for bucket in try await session.children(of: queue) ?? [] {
      let names = try await session.children(of: queue / bucket) ?? []
      if !names.isEmpty { return names.map { queue / bucket / $0 } }
      do {
        try await session.delete(queue / bucket)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
    return []
  }
}
