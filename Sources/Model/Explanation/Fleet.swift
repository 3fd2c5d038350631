/// The workers that are alive, as an explanation sees them.
package struct Fleet: Hashable, Sendable {
  /// One worker process.
  package struct Member: Hashable, Sendable {
    package var worker: String
    package var labels: Set<Label>
    package var slots: [TaskKind: Int]
    /// Whether it takes no more tickets.
    package var isDraining: Bool

    package init(worker: String, labels: Set<Label>, slots: [TaskKind: Int], isDraining: Bool = false) {
      self.worker = worker
      self.labels = labels
      self.slots = slots
      self.isDraining = isDraining
    }
  }

  /// A kind of worker, and a label that it offers; without one, the kind itself.
  package struct Sighting: Hashable, Sendable {
    package var kind: TaskKind
    package var label: Label?

    package init(_ kind: TaskKind, _ label: Label? = nil) {
      self.kind = kind
      self.label = label
    }
  }

  package var members: [Member]
  /// Whether there are more workers than were read.
  package var isCut: Bool
  /// When one was seen last that is not there any more.
  package var lastSeen: [Sighting: Timestamp]

  package init(_ members: [Member] = [], isCut: Bool = false, lastSeen: [Sighting: Timestamp] = [:]) {
    self.members = members
    self.isCut = isCut
    self.lastSeen = lastSeen
  }

  package func members(of kind: TaskKind) -> [Member] { members.filter { $0.slots[kind, default: 0] > 0 } }

  /// Those that could take the tickets of a queue if they were free.
  package func members(for queue: QueueClass) -> [Member] {
    members(of: queue.kind).filter { $0.offers(queue) }
  }

  /// The slots, busy or not, that take the tickets of a queue.
  package func slots(for queue: QueueClass) -> Count {
    let ready = members(for: queue).filter { !$0.isDraining }
    return Count(ready.reduce(0) { $0 + $1.slots[queue.kind, default: 0] }, isLeast: isCut)
  }
}

extension Fleet.Member {
  /// Build-control asks for no labels, and its slots offer none.
  package func offers(_ queue: QueueClass) -> Bool { labels.isSuperset(of: queue.labels) }
}
