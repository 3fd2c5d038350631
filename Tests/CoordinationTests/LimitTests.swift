import Coordination
import Testing

@Suite(.timeLimit(.minutes(3)))
struct LimitTests {
  let node = NodePath("/node")

  @Test(arguments: Backend.all)
  func `a node that is too large is refused, one that just fits is not`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      let fits = [UInt8](repeating: 1, count: CoordinationLimits.nodeSize)
      await expect(.tooLarge, at: 1) {
        try await session.transaction([.create(node, [], .persistent), .write(node, fits + [1], expecting: nil)])
      }
      #expect(try await session.read(node) == nil)
      try await session.create(node, fits)
      await expect(.tooLarge, at: 0) { try await session.write(node, fits + [1]) }
      #expect(try await session.read(node)?.data == fits)
    }
  }

  @Test(arguments: Backend.all)
  func `a transaction of too many changes is refused, the largest is not`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.create(node)
      let most = (0..<CoordinationLimits.transactionChanges).map { Change.create(node / "\($0)", [], .persistent) }
      await expect(.tooLarge) { try await session.transaction(most + [.check(node, expecting: nil)]) }
      #expect(try await session.children(of: node) == [])
      try await session.transaction(most)
      #expect(try await session.read(node)?.childCount == most.count)
    }
  }

  @Test(arguments: Backend.all)
  func `a transaction of too many bytes is refused, the largest is not`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.create(node)
      let data = [UInt8](repeating: 1, count: CoordinationLimits.nodeSize)
      let change = Change.create(node / "00", data, .persistent)
      let most = CoordinationLimits.transactionSize / change.size
      let changes = (0...most).map { Change.create(node / "\($0 + 10)", data, .persistent) }
      await expect(.tooLarge) { try await session.transaction(changes) }
      #expect(try await session.children(of: node) == [])
      try await session.transaction(Array(changes.dropLast()))
      #expect(try await session.read(node)?.childCount == most)
    }
  }
}
