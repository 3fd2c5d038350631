internal import Coordination

extension ZooKeeperSession {
  func read(_ path: NodePath) async throws -> Node? {
    try await node(at: absolute(path, prefix: prefix), watch: nil)
  }

  func children(of path: NodePath) async throws -> [String]? {
    try await names(below: absolute(path, prefix: prefix), watch: nil)
  }

  func settledChildren(of path: NodePath) async throws -> [String]? {
    if let known = rememberedChildren(of: path) { return known }
    let path = absolute(path, prefix: prefix)
    let list = lists.list(at: path, in: watches, of: handle)
    let question = list.ask()
    let names = try await names(below: path, watch: list.token)
    list.keep(names, askedAs: question)
    return names
  }

  func rememberedChildren(of path: NodePath) -> [String]? {
    // Without a connection nothing is heard of changes.
    life.isConnected ? lists.names(at: absolute(path, prefix: prefix)) : nil
  }

  func synchronize() async throws {
    _ = try await untilAnswered { await handle.synchronize(prefix: prefix) }
  }

  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> {
    let path = absolute(path, prefix: prefix)
    let watch = Watch<Node?>(self, .data, at: path) {
      $0?.created == $1?.created && $0?.version == $1?.version
    } read: { session, token in
      try await session.node(at: path, watch: token)
    }
    return AsyncThrowingStream { try await watch.next() }
  }

  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    let path = absolute(path, prefix: prefix)
    let watch = Watch<[String]?>(self, .children, at: path) { _, _ in
      false
    } read: { session, token in
      try await session.names(below: path, watch: token)
    }
    return AsyncThrowingStream { try await watch.next() }
  }

  private func node(at path: String, watch token: UInt?) async throws -> Node? {
    while true {
      if case .node(let node) = try await untilAnswered({ await handle.get(path, watch: token) }) { return node }
      guard let token, try await appeared(path, watch: token) else { return nil }
    }
  }

  private func names(below path: String, watch token: UInt?) async throws -> [String]? {
    while true {
      if case .names(let names) = try await untilAnswered({ await handle.children(of: path, watch: token) }) {
        // Names are ASCII, so that this is the order of their bytes.
        return names.sorted()
      }
      guard let token, try await appeared(path, watch: token) else { return nil }
    }
  }

  /// Sets a watch for the creation of a node that was not there to be watched.
  ///
  /// - Returns: whether it has been created in between, so that it must be read after all.
  private func appeared(_ path: String, watch token: UInt) async throws -> Bool {
    try await untilAnswered { await handle.exists(path, watch: token) } != nil
  }

  /// Asks until there is an answer, over as many connections as it takes.
  ///
  /// - Returns: `nil` when there is no node.
  /// - Throws: ``CoordinationError``, or `CancellationError`.
  private func untilAnswered(_ ask: () async -> Answer) async throws -> Reply? {
    while true {
      try Task.checkCancellation()
      try await life.awaitConnection(cancellable: true)
      guard case .completed(let code, let reply) = await ask() else { throw CancellationError() }
      guard let error = CoordinationError(returnCode: code) else { return reply }
      switch error.code {
      case .outcomeUnknown: continue
      case .noNode: return nil
      default: throw error
      }
    }
  }
}
