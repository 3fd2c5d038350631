import Coordination
import Testing

@Suite(.timeLimit(.minutes(3)))
struct TransactionTests {
  let a = NodePath("/a")
  let b = NodePath("/b")
  let c = NodePath("/c")

  @Test(arguments: Backend.all)
  func `all is done, or nothing, and the change at fault is named`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.create(a, bytes("old"))
      let before = try await session.read(a)
      let harmless: [Change] = [
        .write(a, bytes("new"), expecting: 0), .create(b, [], .session), .create(c, [], .persistent),
        .delete(c, expecting: 0),
      ]
      let faults: [(Change, CoordinationError.Code)] = [
        (.create(a, [], .persistent), .nodeExists), (.create(c / "x", [], .persistent), .noNode),
        (.create(b / "x", [], .persistent), .sessionNodeHasNoChildren), (.check(a, expecting: 0), .badVersion),
        (.write(c, [], expecting: nil), .noNode), (.delete(b, expecting: 1), .badVersion),
        (.delete(c, expecting: 0), .noNode),
      ]
      for (fault, code) in faults {
        let error = await expect(code, at: harmless.count) {
          try await session.transaction(harmless + [fault, .create(a, [], .persistent)])
        }
        #expect(error?.path != nil)
        #expect(try await session.read(a) == before)
        #expect(try await session.children(of: .root) == ["a"])
      }
      try await session.transaction(harmless)
      #expect(try await session.children(of: .root) == ["a", "b"])
    }
  }

  @Test(arguments: Backend.all)
  func `later changes see earlier ones`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.transaction([
        .create(a, bytes("0"), .persistent), .check(a, expecting: 0), .write(a, bytes("1"), expecting: 0),
        .check(a, expecting: 1), .create(a / "x", [], .persistent), .delete(a / "x", expecting: 0),
        .create(b, [], .persistent), .delete(b, expecting: nil), .create(b, bytes("again"), .persistent),
      ])
      #expect(try await session.read(a)?.version == 1)
      #expect(try await session.read(a)?.text == "1")
      #expect(try await session.read(a)?.childCount == 0)
      #expect(try await session.read(b)?.text == "again")
      await expect(.notEmpty, at: 1) {
        try await session.transaction([.create(a / "x", [], .persistent), .delete(a, expecting: nil)])
      }
    }
  }

  @Test(arguments: Backend.all)
  func `creating and deleting a node proves that it is absent`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      let proof: [Change] = [.create(a, [], .session), .delete(a, expecting: 0), .create(b, [], .persistent)]
      try await session.create(a)
      await expect(.nodeExists, at: 0) { try await session.transaction(proof) }
      #expect(try await session.read(b) == nil)
      try await session.delete(a)
      try await session.transaction(proof)
      #expect(try await session.children(of: .root) == ["b"])
    }
  }

  @Test(arguments: Backend.all)
  func `what one transaction made has one place in the order`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.transaction([.create(a, [], .persistent), .create(b, [], .session)])
      try await session.create(c)
      let nodes = try await (session.read(a), session.read(b), session.read(c))
      let (first, second, third) = (try #require(nodes.0), try #require(nodes.1), try #require(nodes.2))
      #expect(first.created == second.created)
      #expect(second.created < third.created)
    }
  }

  @Test(arguments: Backend.all)
  func `no changes succeed while the session lives`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.transaction([])
      await session.close()
      await expect(.sessionEnded) { try await session.transaction([]) }
    }
  }

  @Test(arguments: Backend.all)
  func `nobody sees half a transaction`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (writer, reader) = try await (store.session(), store.distantSession())
      try await writer.create(a)
      try await reader.synchronize()
      let names = (0..<20).map { "n\($0)" }
      async let writing: Void = {
        for _ in 0..<50 {
          try await writer.transaction(names.map { .create(a / $0, [], .persistent) })
          try await writer.transaction(names.map { .delete(a / $0, expecting: 0) })
        }
        try await writer.create(b)
      }()
      while try await reader.read(b) == nil {
        let count = try await reader.children(of: a)?.count
        #expect(count == 0 || count == names.count)
      }
      try await writing
    }
  }
}
