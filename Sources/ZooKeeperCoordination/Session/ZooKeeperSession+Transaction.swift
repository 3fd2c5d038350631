internal import Coordination

extension ZooKeeperSession {
  func transaction(_ changes: [Change]) async throws {
    try CoordinationLimits.check(changes)
    // Not sent without a connection: while there is none, the outcome is known.
    try await life.awaitConnection(cancellable: false)
    guard !changes.isEmpty else { return }
    guard case .completed(let code, let reply) = await handle.multi(changes, prefix: prefix) else { return }
    if let error = CoordinationError(returnCode: code) {
      throw failure(error, code: code, of: changes, reply)
    }
  }

  /// Which change has failed the transaction. The others of it carry the code for "not done".
  private func failure(
    _ error: CoordinationError, code: Int32, of changes: [Change], _ reply: Reply
  ) -> CoordinationError {
    guard error.code != .outcomeUnknown, error.code != .sessionEnded, case .codes(let codes) = reply,
      let index = codes.firstIndex(of: code)
    else { return error }
    return CoordinationError(returnCode: code, path: changes[index].path, changeIndex: index) ?? error
  }
}
