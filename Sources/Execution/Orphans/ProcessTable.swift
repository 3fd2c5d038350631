internal import CExecution
internal import Glibc

/// The processes of the machine, and who of them belongs to runs whose runner is dead.
struct ProcessTable {
  let processes: [distci_process]

  /// Reads the table of now. Throws `infrastructure`.
  static func current() throws(ExecutionError) -> ProcessTable {
    var list: UnsafeMutablePointer<distci_process>?
    var count = 0
    let error = unsafe distci_processes_read(&list, &count)
    guard error == 0, let list = unsafe list else { throw .system("Reading /proc", error) }
    defer { unsafe free(list) }
    return ProcessTable(processes: unsafe Array(UnsafeBufferPointer(start: list, count: count)))
  }

  /// Orphans are: who lives in the leader's session or group; the children of `worker` that are in a session of their own
  /// and are not live runners (they came here because their runner died); and the descendants of all these.
  func orphans(of worker: Int32, session: Int32, live: Set<Int32>, leader: Int32?) -> [distci_process] {
    var orphans = Set(
      processes.lazy
        .filter { process in
          guard process.pid != worker, !live.contains(process.pid) else { return false }
          let isLeaders = leader != nil && (process.session == leader || process.group == leader)
          return isLeaders || (process.parent == worker && process.session != session)
        }
        .map(\.pid)
    )
    var known = -1
    while known != orphans.count {
      known = orphans.count
      for process in processes where orphans.contains(process.parent) { orphans.insert(process.pid) }
    }
    return processes.filter { orphans.contains($0.pid) }
  }
}
