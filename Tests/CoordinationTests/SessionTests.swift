import Coordination
import Testing

@Suite(.timeLimit(.minutes(3)))
struct SessionTests {
  let nodes = NodePath("/nodes")
  let names = (0..<20).map { "n\($0)" }.sorted()

  @Test(arguments: Backend.all)
  func `closing a session deletes its nodes, all at once`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (mortal, witness) = try await (store.session(), store.distantSession())
      try await witness.create(nodes)
      try await mortal.transaction(names.map { .create(nodes / $0, [], .session) })
      try await mortal.create(nodes / "kept")
      // What it is served by may lag behind.
      try await witness.synchronize()
      async let seen = lists(of: nodes, until: ["kept"], in: witness)
      await mortal.close()
      for list in try await seen { #expect(list == ["kept"] || list == ["kept"] + names) }
    }
  }

  @Test(arguments: Backend.all)
  func `killing its process ends a session, all at once`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let witness = try await store.session()
      try await witness.create(nodes)
      let probe = try await store.probe()
      for name in names { try await probe.must("create \(nodes / name) session") }
      try await probe.must("create \(nodes / "kept") persistent")
      try await witness.synchronize()
      #expect(try await witness.read(nodes / names[0])?.owner == probe.session)
      async let seen = lists(of: nodes, until: ["kept"], in: witness)
      probe.kill()
      for list in try await seen { #expect(list == ["kept"] || list == ["kept"] + names) }
    }
  }

  @Test(arguments: Backend.all)
  func `killing a crowd of processes leaves nothing of them`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let witness = try await store.session()
      try await witness.create(nodes)
      let probes = try await withThrowingTaskGroup(of: Probe.self) { group in
        for name in names.prefix(6) {
          group.addTask {
            let probe = try await store.probe()
            try await probe.must("create \(nodes / name) session")
            return probe
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try await witness.create(nodes / "own", lifetime: .session)
      for probe in probes { probe.kill() }
      #expect(try await witness.watchChildren(of: nodes).first { $0 == ["own"] } != nil)
    }
  }

  @Test(arguments: Backend.all)
  func `what is deleted before the end is not deleted again`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (mortal, other) = try await (store.session(), store.distantSession())
      try await mortal.create(nodes, lifetime: .session)
      try await other.delete(nodes)
      try await other.create(nodes, bytes("mine"), lifetime: .session)
      await mortal.close()
      try await other.synchronize()
      #expect(try await other.read(nodes)?.text == "mine")
    }
  }

  @Test(arguments: Backend.all)
  func `an ended session refuses everything`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.create(nodes)
      await session.close()
      await session.close()
      await session.ended()
      await expect(.sessionEnded) { _ = try await session.read(nodes) }
      await expect(.sessionEnded) { _ = try await session.children(of: nodes) }
      await expect(.sessionEnded) { try await session.write(nodes, []) }
      await expect(.sessionEnded) { try await session.synchronize() }
      await expect(.sessionEnded) { for try await _ in session.watch(nodes) {} }
      await expect(.sessionEnded) { for try await _ in session.watchChildren(of: nodes) {} }
      #expect(try await store.distantSession().read(nodes)?.version == 0)
    }
  }

  @Test(arguments: Backend.all)
  func `the end finishes what waits for it, and for changes`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      var nodeWatch = session.watch(nodes).makeAsyncIterator()
      var listWatch = session.watchChildren(of: nodes).makeAsyncIterator()
      _ = try await (nodeWatch.next(), listWatch.next())
      async let ended: Void = session.ended()
      async let closed: Void = session.close()
      await expect(.sessionEnded) { _ = try await nodeWatch.next() }
      await expect(.sessionEnded) { _ = try await listWatch.next() }
      _ = await (ended, closed)
    }
  }

  @Test(arguments: Backend.all)
  func `sessions never have the same name, nor each other's nodes`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let witness = try await store.session()
      try await witness.create(nodes)
      let first = try await sessions(30, of: store)
      for (session, index) in zip(first, 0...) { try await session.create(nodes / "\(index)", lifetime: .session) }
      for session in first.dropFirst(10) { await session.close() }
      let second = try await sessions(10, of: store)
      #expect(Set((first + second).map(\.id)).count == first.count + second.count)
      try await witness.synchronize()
      #expect(try await witness.children(of: nodes) == (0..<10).map { "\($0)" })
    }
  }

  @Test(arguments: Backend.all)
  func `a session is closed when its scope is left by an error`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let witness = try await store.session()
      await expect(.noNode) {
        try await store.open().withSession { session in
          try await session.create(nodes, lifetime: .session)
          try await session.create(NodePath("/missing/child"))
        }
      }
      #expect(try await witness.watch(nodes).first { $0 == nil } != nil)
    }
  }

  private func sessions(_ count: Int, of store: TestStore) async throws -> [any CoordinationSession] {
    try await withThrowingTaskGroup(of: (any CoordinationSession).self) { group in
      for _ in 0..<count { group.addTask { try await store.session() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// The lists that a watch delivers, up to the one awaited.
  private func lists(
    of path: NodePath, until last: [String], in session: any CoordinationSession
  ) async throws -> [[String]] {
    var seen: [[String]] = []
    for try await list in session.watchChildren(of: path) {
      seen.append(try #require(list))
      if list == last { break }
    }
    return seen
  }
}
