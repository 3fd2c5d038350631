package import Coordination
package import Model

/// Judges whether there is somebody for each kind of ticket.
package enum WorkerExamination {
  package static func finding(_ kind: TaskKind, _ workers: [WorkerRecord]) -> Finding {
    let able = workers.filter { $0.slots[kind.rawValue, default: 0] > 0 }
    let ready = able.filter { !$0.draining }
    let slots = ready.reduce(0) { $0 + $1.slots[kind.rawValue, default: 0] }
    guard ready.isEmpty else {
      return .good(
        kind.rawValue, "\(ready.count) worker\(ready.count == 1 ? "" : "s"), \(slots) slot\(slots == 1 ? "" : "s")")
    }
    let remedy = "start one: distci worker \(kind.rawValue)"
    guard able.isEmpty else { return .bad(kind.rawValue, "every worker of the kind is draining", remedy: remedy) }
    return .bad(kind.rawValue, "no worker of the kind is alive", remedy: remedy)
  }
}
