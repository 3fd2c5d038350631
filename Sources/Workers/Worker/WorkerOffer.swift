package import Model

/// What a worker process offers to do.
package struct WorkerOffer: Hashable, Sendable {
  package var host: String
  package var process: Int
  package var labels: Set<Label>
  /// How many tickets of each kind it works on at a time.
  package var slots: [TaskKind: Int]
  /// The seat that it fills for its host's pool.
  package var seat: HeldSeat?

  package init(host: String, process: Int, labels: Set<Label>, slots: [TaskKind: Int], seat: HeldSeat? = nil) {
    self.host = host
    self.process = process
    self.labels = labels
    self.slots = slots
    self.seat = seat
  }

  /// The kind of each slot, by the slot's number.
  var kinds: [TaskKind] {
    slots.sorted { $0.key < $1.key }.flatMap { Array(repeating: $0.key, count: $0.value) }
  }
}
