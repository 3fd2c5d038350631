package import Model

/// Where it is written how many slots are wanted, and who runs them.
extension NodeMap {
  package static let scale = NodePath.root / "scale"
  package static let pools = NodePath.root / "pools"
  package static let seats = NodePath.root / "seats"

  /// The role of who lets numbers of slots follow the load.
  package static let scalingRole = "scaling"

  package static func scale(_ kind: TaskKind) -> NodePath { scale / kind.rawValue }
  package static func scale(_ queue: QueueClass) -> NodePath { scale(queue.kind) / component(of: queue.labels) }

  package static func pool(_ pool: WorkerID) -> NodePath { pools / pool.rawValue }

  package static func seats(_ kind: TaskKind) -> NodePath { seats / kind.rawValue }
  package static func seats(_ queue: QueueClass) -> NodePath { seats(queue.kind) / component(of: queue.labels) }
  package static func seat(_ seat: SeatID) -> NodePath { seats(seat.queue) / String(seat.number) }
}

/// One of the wanted slots of a class. Whoever holds its node runs it, and nobody else does.
package struct SeatID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let queue: QueueClass
  /// From 0.
  package let number: Int

  package init(_ queue: QueueClass, _ number: Int) {
    self.queue = queue
    self.number = number
  }

  package var description: String {
    "\(queue.kind.rawValue)/\(NodeMap.component(of: queue.labels))/\(number)"
  }

  package static func < (left: SeatID, right: SeatID) -> Bool {
    (left.queue, left.number) < (right.queue, right.number)
  }
}
