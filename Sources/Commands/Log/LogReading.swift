import Model

/// Reads a log from its first byte to its end.
struct LogReading {
  let client: ServerClient
  let target: LogTarget
  let follow: Bool

  /// - Parameters:
  ///   - notice: called with the first of a row of failures.
  ///   - use: called with one piece after the other.
  func read(
    notice: (CommandFailure) async throws -> Void, _ use: ([UInt8]) async throws -> Void
  ) async throws {
    try await client.findServer()
    var position = 0
    while true {
      // A server that is shut down may end its answer in good order before the log has ended. So the answer that counts is
      // one to a question that was asked when the log had ended.
      let isLast = follow ? try await hasEnded(notice) : true
      position = try await client.readBytes(
        from: position, { client.log(target, from: $0, follow: follow && !isLast) }, notice: notice, use)
      if isLast { return }
    }
  }

  private func hasEnded(_ notice: (CommandFailure) async throws -> Void) async throws -> Bool {
    let view = try await client.build(target.build, wait: 0, notice: notice)
    if view.verdict != nil { return true }
    return view.tasks.first { $0.name == target.task }?.status == .ended
  }
}
