import Coordination
import Testing

@Suite(.timeLimit(.minutes(3)))
struct NodeTests {
  let path = NodePath("/node")

  @Test(arguments: Backend.all)
  func `a node is created once`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (one, other) = try await (store.session(), store.distantSession())
      try await one.create(path, bytes("first"))
      await expect(.nodeExists, at: 0) { try await other.create(path, bytes("second")) }
      #expect(try await one.read(path)?.text == "first")
    }
  }

  @Test(arguments: Backend.all)
  func `of many who create a node at once, one does`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      for round in 0..<20 {
        let winners = await withTaskGroup(of: Bool.self) { group in
          for _ in 0..<8 { group.addTask { (try? await session.create(NodePath("/race-\(round)"))) != nil } }
          return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
      }
    }
  }

  @Test(arguments: Backend.all)
  func `a node needs its parent`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      await expect(.noNode, at: 0) { try await session.create(path / "child") }
      #expect(try await session.read(path) == nil)
      #expect(try await session.children(of: path) == nil)
      try await session.createAll(path / "child" / "grandchild")
      #expect(try await session.children(of: path) == ["child"])
    }
  }

  @Test(arguments: Backend.all)
  func `the root is always there`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      #expect(try await session.read(.root) != nil)
      #expect(try await session.children(of: .root) == [])
      await expect(.nodeExists, at: 0) { try await session.create(.root) }
      await expect(.refused, at: 0) { try await session.delete(.root) }
      try await session.write(.root, bytes("kept"))
      #expect(try await session.read(.root)?.text == "kept")
    }
  }

  @Test(arguments: Backend.all)
  func `a node tells its history`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.create(path, bytes("a"))
      let born = try #require(try await session.read(path))
      #expect(born == Node(data: bytes("a"), version: 0, created: born.created, modified: born.created))

      try await session.write(path, bytes("b"))
      try await session.write(path, [])
      let written = try #require(try await session.read(path))
      #expect(written.version == 2)
      #expect(written.data.isEmpty)
      #expect(written.created == born.created)
      #expect(written.modified > born.modified)

      try await session.create(path / "kept")
      try await session.create(path / "owned", lifetime: .session)
      let parent = try #require(try await session.read(path))
      #expect(parent.childCount == 2)
      #expect(parent.version == 2)
      #expect(parent.modified == written.modified)
      let owned = try #require(try await session.read(path / "owned"))
      #expect(owned.owner == session.id)
      #expect(owned.created > written.modified)
    }
  }

  @Test(arguments: Backend.all)
  func `a node that comes again is another`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      var lives: [Int64] = []
      for _ in 0..<5 {
        try await session.create(path)
        try await session.write(path, bytes("x"))
        lives.append(try #require(try await session.read(path)).created)
        try await session.delete(path)
      }
      try await session.create(path)
      #expect(try await session.read(path)?.version == 0)
      #expect(lives == Array(Set(lives)).sorted())
    }
  }

  @Test(arguments: Backend.all)
  func `changes heed the version`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      await expect(.noNode, at: 0) { try await session.write(path, []) }
      await expect(.noNode, at: 0) { try await session.delete(path, expecting: 0) }
      await expect(.noNode, at: 0) { try await session.transaction([.check(path, expecting: nil)]) }
      try await session.create(path)
      try await session.write(path, bytes("1"), expecting: 0)
      await expect(.badVersion, at: 0) { try await session.write(path, bytes("2"), expecting: 0) }
      await expect(.badVersion, at: 0) { try await session.delete(path, expecting: 2) }
      await expect(.badVersion, at: 0) { try await session.transaction([.check(path, expecting: 0)]) }
      try await session.transaction([.check(path, expecting: 1)])
      try await session.transaction([.check(path, expecting: nil)])
      #expect(try await session.read(path)?.version == 1)
      try await session.delete(path, expecting: 1)
      #expect(try await session.read(path) == nil)
    }
  }

  @Test(arguments: Backend.all)
  func `a node with children stays`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.createAll(path / "child")
      await expect(.notEmpty, at: 0) { try await session.delete(path) }
      try await session.delete(path / "child")
      try await session.delete(path)
      #expect(try await session.read(path) == nil)
    }
  }

  @Test(arguments: Backend.all)
  func `a session node has no children`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.create(path, lifetime: .session)
      await expect(.sessionNodeHasNoChildren, at: 0) { try await session.create(path / "child") }
      await expect(.sessionNodeHasNoChildren, at: 0) { try await session.create(path / "child", lifetime: .session) }
    }
  }

  @Test(arguments: Backend.all)
  func `a thousand children are listed by their bytes`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      let names = (0..<999).map { "\($0.isMultiple(of: 2) ? "a" : "B").\($0 * 7919 % 1_000)" } + ["~", ","]
      try await session.create(path)
      for half in [names[..<500], names[500...]] {
        try await session.transaction(half.map { .create(path / $0, [], .persistent) })
      }
      let found = try #require(try await session.children(of: path))
      #expect(found.count == Set(names).count)
      #expect(found == names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
      #expect(try await session.read(path)?.childCount == names.count)
    }
  }

  @Test(arguments: Backend.all)
  func `every byte comes back`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      let data = (0..<CoordinationLimits.nodeSize).map { UInt8(truncatingIfNeeded: $0) }
      let odd = NodePath("/AZaz09._~+=,-").appending(String(repeating: "n", count: 200))
      try await session.createAll(try #require(odd.parent))
      try await session.create(odd, data)
      #expect(try await session.read(odd)?.data == data)
    }
  }
}
