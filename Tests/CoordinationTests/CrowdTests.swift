import Coordination
import Testing

/// Many processes at once. Their history must be one that a single line of writers could have made.
@Suite(.timeLimit(.minutes(3)))
struct CrowdTests {
  let processes = 8
  let counters = 4
  let claims = 500
  let increments = 500

  @Test(arguments: Backend.all)
  func `eight processes lose nothing and double nothing`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      let paths = (0..<counters).map { NodePath("/counters/\($0)") }
      try await session.createAll(NodePath("/claims"))
      try await session.createAll(NodePath("/counters"))
      try await session.transaction(paths.map { .create($0, bytes("0"), .persistent) })

      let answers = try await answersOfAll(store)

      let versions = answers.flatMap(\.versions)
      #expect(versions.count == processes * increments)
      #expect(Set(versions).count == versions.count, "a version was acknowledged twice")
      try await session.synchronize()
      for (counter, path) in zip(0..., paths) {
        let acknowledged = versions.count { $0.hasPrefix("\(counter):") }
        let node = try #require(try await session.read(path))
        #expect(node.version == acknowledged)
        #expect(node.text == "\(acknowledged)")
      }
      #expect(answers.flatMap(\.claims).sorted() == (0..<claims).map { "\($0)" }.sorted())
    }
  }

  @Test(arguments: Backend.all)
  func `processes killed in the middle of their work leave whole transactions`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      let (one, other, passing) = (NodePath("/one"), NodePath("/other"), NodePath("/passing"))
      try await session.transaction([.create(one, [], .persistent), .create(other, [], .persistent)])
      for _ in 0..<3 {
        let start = try #require(try await session.read(one)).version
        for _ in 0..<2 {
          let probe = try await store.probe()
          try probe.start("twins \(one) \(other) \(passing)")
        }
        #expect(try await session.watch(one).first { ($0?.version ?? 0) > start + 100 } != nil)
        try await store.killProbes()
        try await expectTwins(one, other, in: session)
        #expect(try await session.read(passing) == nil)
      }
    }
  }

  /// Two nodes that are only ever written together have one version. What the dead had sent may still arrive, which the
  /// check of the first node tells.
  private func expectTwins(_ one: NodePath, _ other: NodePath, in session: any CoordinationSession) async throws {
    while true {
      let version = try #require(try await session.read(one)).version
      do {
        return try await session.transaction([.check(one, expecting: version), .check(other, expecting: version)])
      } catch let error as CoordinationError where error.code == .badVersion && error.changeIndex == 0 {
        try await session.synchronize()
      }
    }
  }

  private struct Answer: Sendable {
    var versions: [String]
    var claims: [String]
  }

  private func answersOfAll(_ store: TestStore) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for _ in 0..<processes {
        group.addTask {
          let probe = try await store.probe()
          let answer = try await probe.tell("hammer \(counters) \(claims) \(increments)")
          let parts = answer.split(separator: "|", omittingEmptySubsequences: false)
          try #require(parts.count == 2, "\(answer)")
          let words = parts.map { $0.split(separator: " ").map(String.init) }
          return Answer(versions: words[0], claims: words[1])
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}
