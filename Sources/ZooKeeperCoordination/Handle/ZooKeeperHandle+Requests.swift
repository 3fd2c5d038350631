internal import CZooKeeper
internal import Coordination

/// The requests, each given to the library at once. Paths are the server's.
extension ZooKeeperHandle {
  /// - Parameter token: names the watch to set, if any.
  func get(_ path: String, watch token: UInt?) async -> Answer {
    unsafe await ask { handle, context in
      unsafe zoo_awget(handle, path, watcher(token), pointer(token), dataArrived, context)
    }
  }

  func exists(_ path: String, watch token: UInt?) async -> Answer {
    unsafe await ask { handle, context in
      unsafe zoo_awexists(handle, path, watcher(token), pointer(token), statArrived, context)
    }
  }

  func children(of path: String, watch token: UInt?) async -> Answer {
    unsafe await ask { handle, context in
      unsafe zoo_awget_children(handle, path, watcher(token), pointer(token), namesArrived, context)
    }
  }

  /// A transaction that changes nothing. When it is answered, the server has applied every write that was ordered before it.
  ///
  /// `zoo_async` does not promise that. The leader answers it without waiting for writes that it has committed but not applied
  /// yet, while clients of another server may know of them already (`CommitProcessor.needCommit`; `LeaderZooKeeperServer` makes
  /// one with `matchSyncs` false).
  func synchronize(prefix: String) async -> Answer {
    let changes = [Change.check(.root, expecting: nil)]
    let results = MultiResults(count: changes.count)
    let operations = MultiOperations(changes, prefix: prefix)
    return unsafe await ask(results: results) { handle, context in
      unsafe zoo_amulti(
        handle, Int32(operations.count), operations.pointer, results.pointer, completed, context)
    }
  }

  /// Creates a persistent node without data. Waits for the outcome, also when the task is cancelled.
  func create(_ path: String) async -> Answer {
    let answer = Promise<Answer>()
    unsafe send(PendingRequest(of: self, answer: answer.resolve), resolving: answer) { handle, context in
      unsafe zoo_acreate(
        handle, path, nil, 0, distci_zoo_open_acl(), ZOO_PERSISTENT, stringArrived, context)
    }
    return await answer.value()
  }

  /// Makes all the changes or none. Waits for the outcome, also when the task is cancelled.
  func multi(_ changes: [Change], prefix: String) async -> Answer {
    let answer = Promise<Answer>()
    let results = MultiResults(count: changes.count)
    let operations = MultiOperations(changes, prefix: prefix)
    let request = PendingRequest(of: self, results: results, answer: answer.resolve)
    unsafe send(request, resolving: answer) { handle, context in
      unsafe zoo_amulti(
        handle, Int32(operations.count), operations.pointer, results.pointer, completed, context)
    }
    return await answer.value()
  }

  /// Takes back every watch on a path.
  ///
  /// - Returns: whether `answered` will be called.
  func removeWatches(_ path: String, answered: @escaping @Sendable (Answer) -> Void) -> Bool {
    unsafe submit(PendingRequest(of: self, answer: answered)) { handle, context in
      unsafe distci_zoo_remove_watches(handle, path, completed, context)
    } == ZOK.rawValue
  }

  func takeBackWatchesForClosing(_ path: String) {
    let request = PendingRequest(of: self) { _ in }
    _ = unsafe submit(request, whileClosing: true) { handle, context in
      unsafe distci_zoo_remove_watches(handle, path, completed, context)
    }
  }

  private func ask(
    results: MultiResults? = nil, _ call: (OpaquePointer, UnsafeMutableRawPointer) -> Int32
  ) async -> Answer {
    let answer = Promise<Answer>()
    unsafe send(PendingRequest(of: self, results: results, answer: answer.resolve), resolving: answer, call)
    return await answer.value(whenCancelled: .cancelled)
  }

  private func send(
    _ request: PendingRequest, resolving answer: Promise<Answer>,
    _ call: (OpaquePointer, UnsafeMutableRawPointer) -> Int32
  ) {
    let code = unsafe submit(request, call)
    if code != ZOK.rawValue { answer.resolve(.completed(code, .nothing)) }
  }
}

private func watcher(_ token: UInt?) -> watcher_fn? {
  unsafe token == nil ? nil : nodeChanged
}

/// A watch context that is a number, not memory: the library only compares it and hands it back.
private func pointer(_ token: UInt?) -> UnsafeMutableRawPointer? {
  unsafe token.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
}
