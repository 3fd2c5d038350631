package import Model

/// A slot that waits for a ticket.
package struct ParkedSlot: Hashable, Sendable {
  package let entry: IdleEntry
  /// Its node in the idle list.
  package let path: NodePath
}

/// The slots that wait for a ticket, as posters see them.
package struct IdleList: Sendable {
  private let session: any CoordinationSession

  package init(session: any CoordinationSession) {
    self.session = session
  }

  /// The parked slots that can take tickets of a class, in a random order, so that posters that come at the same time do
  /// not all reach for the same one.
  package func slots(for queue: QueueClass) async throws -> [ParkedSlot] {
    var slots: [ParkedSlot] = []
    for offered in try await session.children(of: NodeMap.idle(queue.kind)) ?? [] {
      guard NodeMap.labels(ofComponent: offered).isSuperset(of: queue.labels) else { continue }
      let list = NodeMap.idle(queue.kind) / offered
      for name in try await session.children(of: list) ?? [] {
        if let entry = IdleEntry(name: name) { slots.append(ParkedSlot(entry: entry, path: list / name)) }
      }
    }
    return slots.shuffled()
  }
}
