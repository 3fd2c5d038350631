import Coordination
import Model

/// Finds the tickets by which build-control is called for one build: nothing beside the build says where they are.
struct ControlTickets {
  let session: any CoordinationSession
  let fleet: Fleet
  /// Workers that left slots behind.
  let lost: [String]

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
    for (slot, isAlive) in try await slots() {
      guard let node = try await session.read(NodeMap.slot(slot)), let record = try SlotRecord.decode(node),
        record.ticket.build == build, record.ticket.queue == .buildControl
      else { continue }
      found[record.ticket.name] = .taken(worker: slot.worker.rawValue, since: record.claimed, isAlive: isAlive)
    }
    return found
  }

  /// The slots that may have them: those of build-control, and those that lost workers left behind.
  private func slots() async throws -> [(SlotID, isAlive: Bool)] {
    var slots = fleet.members(of: .buildControl).flatMap { member in
      member.slotNumbers(of: .buildControl).map {
        (SlotID(worker: WorkerID(rawValue: member.worker), number: $0), isAlive: true)
      }
    }
    for name in lost where slots.count < SnapshotReader.mostSlots {
      let worker = WorkerID(rawValue: name)
      slots += (try await session.children(of: NodeMap.slots(of: worker)) ?? []).compactMap { Int($0) }.map {
        (SlotID(worker: worker, number: $0), isAlive: false)
      }
    }
    return Array(slots.prefix(SnapshotReader.mostSlots))
  }
}
