import Coordination
import Model

/// What a node is, by its path.
extension NodePath {
  private var parts: [Substring] { string.split(separator: "/") }

  private func isBelow(_ folder: NodePath) -> Bool { string.hasPrefix(folder.string + "/") }

  var isSlot: Bool { isBelow(NodeMap.slots) && parts.count == 4 }
  var isWorker: Bool { isBelow(NodeMap.workers) && parts.count == 3 }
  var isIdle: Bool { isBelow(NodeMap.idle) && IdleEntry(name: name) != nil }
  var isQueue: Bool { isBelow(NodeMap.queues) }
  var isBuild: Bool { isBelow(NodeMap.builds) && parts.count == 4 }
  var isClaim: Bool { isBelow(NodeMap.builds) && parts.count == 5 }
  var isCounter: Bool { isBelow(NodeMap.jobs) }
  var isDelivery: Bool { isBelow(NodeMap.deliveries) && parts.count == 3 }
  var isTimer: Bool { isBelow(NodeMap.timers) && parts.count == 3 }
  /// A group, or one that waits for it.
  var isGroup: Bool { isBelow(NodeMap.groups) && parts.count >= 3 }
  var isJobPause: Bool { isBelow(NodeMap.jobPauses) }
  var isEnvironmentPause: Bool { isBelow(NodeMap.environmentPauses) }
  /// An environment, not one that waits for it.
  var isEnvironment: Bool { isBelow(NodeMap.environments) && parts.count == 3 }
  var isJoin: Bool { isBelow(NodeMap.joins) && parts.count == 3 }
  var isSchedule: Bool { isBelow(NodeMap.schedules) && parts.count == 3 }
  var isRole: Bool { isBelow(NodeMap.roles) }

  /// Whether the slot is one of this session's worker.
  func isSlot(of session: SessionID) -> Bool { isSlot && parts[2].hasSuffix("~\(session)") }
}

extension Change {
  var isDelete: Bool { if case .delete = self { true } else { false } }
  var isCreate: Bool { if case .create = self { true } else { false } }
  var isWrite: Bool { if case .write = self { true } else { false } }

  /// What a create or a write puts there.
  var data: [UInt8]? {
    switch self {
    case .create(_, let data, _), .write(_, let data, _): data
    case .delete, .check: nil
    }
  }

  /// Whether it gives back the lock of an environment.
  var freesEnvironment: Bool {
    guard isWrite, path.isEnvironment, let data else { return false }
    return (try? JSONBytes.decode(EnvironmentRecord.self, from: data)).map { $0.holder == nil } ?? false
  }

  /// The same without its guard.
  var unguarded: Change {
    switch self {
    case .create: self
    case .check(let path, _): .check(path, expecting: nil)
    case .write(let path, let data, _): .write(path, data, expecting: nil)
    case .delete(let path, _): .delete(path, expecting: nil)
    }
  }

  func lasting(_ lifetime: Lifetime) -> Change {
    if case .create(let path, let data, _) = self { .create(path, data, lifetime) } else { self }
  }
}

/// What a transaction is for, by what it changes.
struct TransactionKind {
  let changes: [Change]
  let session: SessionID

  /// The owner of a slot ends the work that it has there.
  var isFinish: Bool {
    changes.contains { $0.isWrite && $0.path.isSlot(of: session) } && !isClaimByOwner
  }

  /// The owner of a slot takes a ticket from a queue while it is parked.
  var isClaimByOwner: Bool {
    changes.contains { $0.isWrite && $0.path.isSlot(of: session) && $0.data?.isEmpty == false }
      && changes.contains { $0.isDelete && $0.path.isIdle && $0.path.name.contains("~\(session)~") }
  }

  var isPark: Bool {
    changes.count <= 2 && changes.contains { $0.isCreate && $0.path.isIdle && $0.lasting(.persistent) != $0 }
  }

  var isTrigger: Bool {
    !isFinish && changes.contains { $0.isCreate && $0.path.isBuild }
  }

  /// Recovery proves that the worker is gone.
  var isRecovery: Bool {
    changes.count >= 3 && changes[0].isCreate && changes[0].path.isWorker && changes[1].isDelete
      && changes[1].path.isWorker
  }

  /// Whether a ticket is taken back out of its queue: its entry goes, and so does its place beside the build.
  func withdraws(_ entry: NodePath) -> Bool {
    changes.contains { change in
      guard change.isDelete, change.path.isClaim else { return false }
      let parts = change.path.string.split(separator: "/")
      let names = entry.name.split(separator: "~")
      return names.count == 4 && names[1] == parts[1] && Int(names[2]) == Int(parts[3]) && names[3] == parts[4]
    }
  }

  var removesBuild: Bool { changes.contains { $0.isDelete && $0.path.isBuild } }

  /// Somebody tells a slot to stop: the only writes to a slot that stand beside no other change of the slot's ticket.
  func isNotice(_ change: Change) -> Bool {
    guard case .write(let path, let data, _) = change, path.isSlot, !data.isEmpty,
      let record = try? SlotRecord.decode(Node(data: data, version: 0, created: 0, modified: 0))
    else { return false }
    return record.cancelledBy != nil
  }
}
