package import Model

/// What the pool of a host offers to run.
package struct PoolConfiguration: Hashable, Sendable {
  package var host: String
  package var process: Int
  package var kinds: Set<TaskKind>
  package var labels: Set<Label>
  /// How many slots it runs at most.
  package var capacity: Int

  package init(host: String, process: Int, kinds: Set<TaskKind>, labels: Set<Label>, capacity: Int) {
    self.host = host
    self.process = process
    self.kinds = kinds
    self.labels = labels
    self.capacity = capacity
  }
}
