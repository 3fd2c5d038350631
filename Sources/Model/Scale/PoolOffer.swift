/// What a pool of a host offers to run.
package struct PoolOffer: Hashable, Sendable {
  /// Names the pool among those that are alive.
  package var id: String
  /// How many slots it runs at a time.
  package var capacity: Int
  package var kinds: Set<TaskKind>
  package var labels: Set<Label>

  package init(id: String, capacity: Int, kinds: Set<TaskKind>, labels: Set<Label>) {
    self.id = id
    self.capacity = capacity
    self.kinds = kinds
    self.labels = labels
  }

  /// Whether it can run slots of this class.
  package func covers(_ queue: QueueClass) -> Bool {
    kinds.contains(queue.kind) && labels.isSuperset(of: queue.labels)
  }
}
