import Coordination
import Model

/// Finds the tickets by which build-control is called for one build: nothing beside the build says where they are.
struct ControlTickets {
  let session: any CoordinationSession
  let fleet: Fleet

  enum Place {
    case queued(NodePath)
    case taken(worker: String, since: Timestamp, isAlive: Bool)
  }

  /// By their names.
  func find(_ build: BuildID) async throws -> [String: Place] {
    var found: [String: Place] = [:]
    // A ticket only ever moves from its queue into a slot, so in this order it is not missed.
    for entry in try await session.entries(ofQueue: .buildControl, limit: SnapshotReader.mostEntries).entries {
      guard let ticket = entry.ticket, ticket.build == build else { continue }
      found[ticket.name] = .queued(entry.path)
    }
    for slot in try await slots() {
      guard let node = try await session.read(NodeMap.slot(slot)), let record = try SlotRecord.decode(node),
        record.ticket.build == build, record.ticket.queue == .buildControl
      else { continue }
      let worker = slot.worker.rawValue
      found[record.ticket.name] = .taken(
        worker: worker, since: record.claimed, isAlive: fleet.members.contains { $0.worker == worker })
    }
    return found
  }

  /// The slots that may have them: those of build-control, and those that lost workers left behind.
  private func slots() async throws -> [SlotID] {
    var slots = fleet.members(of: .buildControl).flatMap { member in
      member.slotNumbers(of: .buildControl).map { SlotID(worker: WorkerID(rawValue: member.worker), number: $0) }
    }
    let alive = Set(fleet.members.map(\.worker))
    for path in try await session.entries(inBucketsOf: NodeMap.slots) where !alive.contains(path.name) {
      guard slots.count < SnapshotReader.mostSlots, !fleet.isCut else { break }
      slots += (try await session.children(of: path) ?? []).compactMap { Int($0) }.map {
        SlotID(worker: WorkerID(rawValue: path.name), number: $0)
      }
    }
    return Array(slots.prefix(SnapshotReader.mostSlots))
  }
}
