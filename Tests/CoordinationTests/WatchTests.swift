import Coordination
import Testing

@Suite(.timeLimit(.minutes(3)))
struct WatchTests {
  let path = NodePath("/watched")

  @Test(arguments: Backend.all)
  func `the first element is the present, then come newer presents`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (watcher, other) = try await (store.session(), store.distantSession())
      var watch = watcher.watch(path).makeAsyncIterator()
      #expect(try await watch.next() == .some(nil))
      try await other.create(path, bytes("1"))
      #expect(try await watch.next()??.text == "1")
      try await other.write(path, bytes("2"))
      #expect(try await watch.next()??.text == "2")
      try await watcher.delete(path)
      #expect(try await watch.next() == .some(nil))

      try await watcher.create(path, bytes("3"))
      var late = watcher.watch(path).makeAsyncIterator()
      #expect(try await late.next()??.text == "3")
    }
  }

  @Test(arguments: Backend.all)
  func `lists of children likewise`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (watcher, other) = try await (store.session(), store.distantSession())
      var watch = watcher.watchChildren(of: path).makeAsyncIterator()
      #expect(try await watch.next() == .some(nil))
      try await other.create(path)
      #expect(try await watch.next() == [])
      try await other.create(path / "b")
      #expect(try await watch.next() == ["b"])
      try await watcher.create(path / "a", lifetime: .session)
      #expect(try await watch.next() == ["a", "b"])
      try await other.transaction([
        .delete(path / "a", expecting: nil), .delete(path / "b", expecting: nil), .delete(path, expecting: nil),
      ])
      #expect(try await watch.next() == .some(nil))
    }
  }

  @Test(arguments: Backend.all)
  func `what does not concern a watch is not delivered`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (watcher, other) = try await (store.session(), store.distantSession())
      try await watcher.createAll(path / "child")
      var nodeWatch = watcher.watch(path).makeAsyncIterator()
      var listWatch = watcher.watchChildren(of: path).makeAsyncIterator()
      #expect(try await nodeWatch.next()??.version == 0)
      #expect(try await listWatch.next() == ["child"])

      try await other.write(path / "child", bytes("no change of its parent"))
      try await other.create(path / "child" / "grandchild")
      try await other.create(NodePath("/elsewhere"))
      try await other.create(path / "last")
      try await other.write(path, bytes("a change of the node alone"))

      #expect(try await nodeWatch.next()??.version == 1)
      #expect(try await listWatch.next() == ["child", "last"])
    }
  }

  @Test(arguments: Backend.all)
  func `a list is told of also when a child has come and gone`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (watcher, other) = try await (store.session(), store.distantSession())
      try await watcher.createAll(path / "child")
      var watch = watcher.watchChildren(of: path).makeAsyncIterator()
      #expect(try await watch.next() == ["child"])
      for _ in 1...20 {
        try await other.transaction([.create(path / "brief", [], .persistent), .delete(path / "brief", expecting: nil)])
        #expect(try await watch.next() == ["child"])
      }
    }
  }

  @Test(arguments: Backend.all)
  func `a node deleted and created again is seen to be another`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (watcher, other) = try await (store.session(), store.distantSession())
      try await other.create(path, bytes("same"))
      try await watcher.synchronize()
      var watch = watcher.watch(path).makeAsyncIterator()
      let first = try #require(try await watch.next() ?? nil)
      try await other.transaction([.delete(path, expecting: 0), .create(path, bytes("same"), .persistent)])
      let second = try #require(try await watch.next() ?? nil)
      #expect(second.version == first.version)
      #expect(second.created > first.created)
    }
  }

  @Test(arguments: Backend.all)
  func `the last state arrives, whatever the storm`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let watcher = try await store.session()
      try await watcher.create(path)
      let last = 200
      async let storm: Void = withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<4 {
          let session = try await store.distantSession()
          group.addTask {
            for round in 0..<last {
              try await session.write(path, bytes("\(writer) \(round)"))
              try await session.create(path / "\(writer)-\(round)", lifetime: .session)
              if round > 0 { try await session.delete(path / "\(writer)-\(round - 1)") }
            }
          }
        }
        try await group.waitForAll()
      }
      async let versions = versions(of: path, until: 4 * last, in: watcher)
      async let final = watcher.watchChildren(of: path).first { $0 == (0..<4).map { "\($0)-\(last - 1)" } }
      #expect(try await final != nil)
      let seen = try await versions
      #expect(seen == seen.sorted() && Set(seen).count == seen.count)
      try await storm
    }
  }

  @Test(arguments: Backend.all)
  func `a slow consumer gets the newest`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      try await session.create(path)
      var watch = session.watch(path).makeAsyncIterator()
      #expect(try await watch.next()??.version == 0)
      for _ in 0..<50 { try await session.write(path, []) }
      var elements = 0
      var version: Int?
      while version != 50, let node = try await watch.next() {
        version = node?.version
        elements += 1
      }
      #expect(elements < 5)
    }
  }

  @Test(arguments: Backend.all)
  func `no write is lost between two looks`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (ping, pong) = try await (store.session(), store.distantSession())
      let (there, back) = (NodePath("/there"), NodePath("/back"))
      try await ping.transaction([.create(there, [], .persistent), .create(back, [], .persistent)])
      try await pong.synchronize()
      let rounds = 300
      async let answers: Void = {
        for try await node in pong.watch(there) {
          guard let version = node?.version, version > 0 else { continue }
          try await pong.write(back, [])
          if version == rounds { break }
        }
      }()
      var watch = ping.watch(back).makeAsyncIterator()
      #expect(try await watch.next()??.version == 0)
      for round in 1...rounds {
        try await ping.write(there, [])
        #expect(try await watch.next()??.version == round)
      }
      try await answers
    }
  }

  @Test(arguments: Backend.all)
  func `cancelling the consumer ends the watch, and nothing else`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let session = try await store.session()
      let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
      let watching = (0..<100).map { index in
        Task {
          var elements = 0
          for try await _ in session.watch(path / "\(index)") {
            elements += 1
            hasStarted.yield()
          }
          return elements
        }
      }
      var running = 0
      for await _ in started {
        running += 1
        if running == watching.count { break }
      }
      for task in watching { task.cancel() }
      for task in watching { #expect(try await task.value == 1) }
      try await session.create(path)
      #expect(try await session.watch(path).first { _ in true }??.version == 0)
    }
  }

  @Test(arguments: Backend.all)
  func `a thousand watches see one change each`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let (watcher, other) = try await (store.session(), store.distantSession())
      let paths = (0..<1_000).map { path / "\($0)" }
      try await other.create(path)
      try await withThrowingTaskGroup(of: Int?.self) { group in
        for path in paths {
          group.addTask { try await watcher.watch(path).first { $0 != nil }??.version }
        }
        try await other.transaction(paths.map { .create($0, [], .persistent) })
        for try await version in group { #expect(version == 0) }
      }
    }
  }

  private func versions(
    of path: NodePath, until last: Int, in session: any CoordinationSession
  ) async throws -> [Int] {
    var seen: [Int] = []
    for try await node in session.watch(path) {
      seen.append(try #require(node).version)
      if node?.version == last { break }
    }
    return seen
  }
}
