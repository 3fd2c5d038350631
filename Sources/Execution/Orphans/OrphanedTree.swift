internal import CExecution
internal import Dispatch
internal import Glibc

/// What is left of a run whose runner was killed.
struct OrphanedTree {
  /// The command's own process, if it had started.
  let leader: Int32?

  /// Long enough for a process that is busy in the kernel; what is still there then is beyond any signal.
  private static let patience = Duration.seconds(10)
  private static let killing = DispatchQueue(label: "distci.execution.orphans", attributes: .concurrent)

  /// Kills everything that is found, until nothing is. Returns how many processes that were, or throws `infrastructure`
  /// if some cannot be killed.
  func kill() async throws -> Int {
    try await withCheckedThrowingContinuation { continuation in
      Self.killing.async { continuation.resume(with: Result { try killAndWait() }) }
    }
  }

  private func killAndWait() throws(ExecutionError) -> Int {
    var killed: Set<Int32> = []
    let deadline = ContinuousClock.now + Self.patience
    while ContinuousClock.now < deadline {
      let alive = try killOnce()
      guard let first = alive.first else { return killed.count }
      killed.formUnion(alive)
      distci_wait_for_end(first, 1_000)
    }
    throw ExecutionError(
      code: .infrastructure,
      message: "A runner was killed, and processes of its command outlive SIGKILL. Is a file system hanging?"
    )
  }

  /// Kills what is there now and returns whom; reaps who is dead.
  private func killOnce() throws(ExecutionError) -> [Int32] {
    try LiveRunners.withLock { live throws(ExecutionError) in
      let worker = getpid()
      let table = try ProcessTable.current()
      let orphans = table.orphans(of: worker, session: getsid(0), live: live, leader: leader)
      for orphan in orphans { Glibc.kill(orphan.pid, SIGKILL) }
      for orphan in orphans where orphan.parent == worker { waitpid(orphan.pid, nil, WNOHANG) }
      let zombie = CChar(UInt8(ascii: "Z"))
      return orphans.filter { $0.state != zombie }.map(\.pid)
    }
  }
}
