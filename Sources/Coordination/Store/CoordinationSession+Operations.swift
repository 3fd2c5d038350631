extension CoordinationStore {
  /// Opens a session for the length of `body`.
  package func withSession<Result: Sendable>(
    _ body: (any CoordinationSession) async throws -> Result
  ) async throws -> Result {
    let session = try await openSession()
    do {
      let result = try await body(session)
      await session.close()
      return result
    } catch {
      await session.close()
      throw error
    }
  }
}

extension CoordinationSession {
  package func create(_ path: NodePath, _ data: [UInt8] = [], lifetime: Lifetime = .persistent) async throws {
    try await transaction([.create(path, data, lifetime)])
  }

  package func write(_ path: NodePath, _ data: [UInt8], expecting version: Int? = nil) async throws {
    try await transaction([.write(path, data, expecting: version)])
  }

  package func delete(_ path: NodePath, expecting version: Int? = nil) async throws {
    try await transaction([.delete(path, expecting: version)])
  }

  /// Creates a persistent node and those above it where they are missing. Leaves alone what is there.
  package func createAll(_ path: NodePath) async throws {
    do {
      try await create(path)
    } catch let error as CoordinationError where error.code == .nodeExists {
      return
    } catch let error as CoordinationError where error.code == .noNode {
      if let parent = path.parent { try await createAll(parent) }
      try await createAll(path)
    } catch let error as CoordinationError where error.code == .outcomeUnknown {
      try await createAll(path)
    }
  }

  /// Makes the changes exactly once, also when the connection is lost in the middle.
  ///
  /// - Parameter committed: asked after a lost connection, when the session sees every earlier write. Answers whether the
  ///   changes have been made, by looking for something that nobody else can have made and nobody else can have removed.
  /// - Throws: what ``transaction(_:)`` throws, without `outcomeUnknown`.
  package func commit(_ changes: [Change], committed: () async throws -> Bool) async throws {
    while true {
      do {
        return try await transaction(changes)
      } catch let error as CoordinationError where error.code == .outcomeUnknown {
        try await synchronize()
        if try await committed() { return }
      }
    }
  }
}

extension CoordinationLimits {
  /// Refuses what no backend would take.
  ///
  /// - Throws: ``CoordinationError`` with `tooLarge`, or `refused` for deleting the root, and the index of the change at
  ///   fault.
  package static func check(_ changes: [Change]) throws {
    guard changes.count <= transactionChanges else {
      throw CoordinationError(
        .tooLarge, message: "a transaction of \(changes.count) changes; \(transactionChanges) are allowed")
    }
    for (index, change) in changes.enumerated() {
      if case .delete(.root, _) = change {
        throw CoordinationError(.refused, path: .root, message: "the root stays", changeIndex: index)
      }
      guard case .create(_, let data, _) = change else {
        if case .write(_, let data, _) = change { try check(data, of: change, at: index) }
        continue
      }
      try check(data, of: change, at: index)
    }
    let size = changes.reduce(0) { $0 + $1.size }
    guard size <= transactionSize else {
      throw CoordinationError(.tooLarge, message: "a transaction of \(size) bytes; \(transactionSize) are allowed")
    }
  }

  private static func check(_ data: [UInt8], of change: Change, at index: Int) throws {
    guard data.count <= nodeSize else {
      throw CoordinationError(
        .tooLarge, path: change.path, message: "\(data.count) bytes; a node holds \(nodeSize)", changeIndex: index)
    }
  }
}
