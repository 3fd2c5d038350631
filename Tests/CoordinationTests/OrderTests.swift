import Coordination
import Testing

/// What the recipes rely on: the order in which one session sees its own writes and those of others.
@Suite(.timeLimit(.minutes(3)))
struct OrderTests {
  let x = NodePath("/x")
  let y = NodePath("/y")

  /// The litmus test of the parking lot: both write, then both read. If neither saw the other, a ticket would wait beside
  /// an idle worker.
  @Test(arguments: Backend.all)
  func `of two who write first and read second, one sees the other`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (left, right) = try await (store.session(), store.distantSession())
      try await left.transaction([.create(x, [], .persistent), .create(y, [], .persistent)])
      try await right.synchronize()
      for round in 1...2_000 {
        async let one = other(y, afterWriting: x, in: left)
        async let two = other(x, afterWriting: y, in: right)
        let (seenByLeft, seenByRight) = try await (one, two)
        #expect(seenByLeft >= round || seenByRight >= round, "round \(round): neither saw the other")
        guard seenByLeft >= round || seenByRight >= round else { return }
      }
    }
  }

  private func other(
    _ path: NodePath, afterWriting own: NodePath, in session: any CoordinationSession
  ) async throws -> Int {
    try await session.write(own, [])
    return try #require(try await session.read(path)).version
  }

  @Test(arguments: Backend.all)
  func `a session sees its own writes at once`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.distantSession()
      try await session.create(x)
      for round in 1...300 {
        try await session.write(x, bytes("\(round)"))
        #expect(try await session.read(x)?.version == round)
        try await session.create(x / "child", lifetime: .session)
        #expect(try await session.children(of: x) == ["child"])
        try await session.delete(x / "child")
        #expect(try await session.read(x / "child") == nil)
      }
    }
  }

  @Test(arguments: Backend.all)
  func `after its own write a session sees all that was written before`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (writer, reader) = try await (store.session(), store.distantSession())
      try await writer.transaction([.create(x, [], .persistent), .create(y, [], .persistent)])
      for round in 1...300 {
        try await writer.write(x, [])
        try await reader.write(y, [])
        #expect(try await reader.read(x)?.version == round)
      }
    }
  }

  @Test(arguments: Backend.all)
  func `after synchronizing likewise`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (writer, reader) = try await (store.session(), store.distantSession())
      try await writer.create(x)
      for round in 1...300 {
        try await writer.write(x, [])
        try await reader.synchronize()
        #expect(try await reader.read(x)?.version == round)
      }
    }
  }

  @Test(arguments: Backend.all)
  func `a session never sees the store go backwards`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (writer, reader) = try await (store.session(), store.distantSession())
      try await writer.transaction([.create(x, [], .persistent), .create(y, [], .persistent)])
      try await reader.synchronize()
      let last = 400
      async let writing: Void = {
        for _ in 0..<last {
          try await writer.write(x, [])
          try await writer.write(y, [])
        }
      }()
      var (first, second) = (0, 0)
      while first < last {
        // Written second, read first: what the later read shows must hold it.
        let newer = try #require(try await reader.read(y)).version
        let older = try #require(try await reader.read(x)).version
        #expect(older >= newer && older >= first && newer >= second)
        (first, second) = (older, newer)
      }
      try await writing
    }
  }

  @Test(arguments: Backend.all)
  func `what is remembered of a list holds all that was written before an own write`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (writer, reader) = try await (store.session(), store.distantSession())
      try await writer.transaction([.create(x, [], .persistent), .create(y, [], .persistent)])
      var expected: [String] = []
      for round in 0..<600 {
        // Now one comes, now the oldest goes, and now nothing happens.
        switch round % 3 {
        case 0:
          expected.append("c\(1_000 + round)")
          try await writer.create(x / "c\(1_000 + round)")
        case 1 where expected.count > 5: try await writer.delete(x / expected.removeFirst())
        default: break
        }
        try await reader.write(y, [])
        #expect(try await reader.settledChildren(of: x) == expected)
        if let known = reader.rememberedChildren(of: x) { #expect(known == expected) }
      }
      #expect(try await reader.settledChildren(of: x / "none") == nil)
    }
  }

  @Test(arguments: Backend.all)
  func `it does so also where many ask for the list at the same time`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (writer, reader) = try await (store.session(), store.distantSession())
      try await writer.transaction([.create(x, [], .persistent), .create(y, [], .persistent)])
      try await reader.synchronize()
      let rounds = 200
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          // The number of children only grows, and stands in y before the next one comes.
          for round in 1...rounds {
            try await writer.create(x / "c\(1_000 + round)")
            try await writer.write(y, bytes("\(round)"))
          }
        }
        for _ in 0..<8 {
          group.addTask {
            var told = 0
            while told < rounds {
              told = Int(String(decoding: try #require(try await reader.read(y)).data, as: UTF8.self)) ?? 0
              #expect(try #require(try await reader.settledChildren(of: x)).count >= told)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
