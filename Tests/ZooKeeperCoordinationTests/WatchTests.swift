import Coordination
import TestProxy
import Testing

@testable import ZooKeeperCoordination

@Suite("Watches on ZooKeeper", .timeLimit(.minutes(3)))
struct WatchTests {
  @Test("No change is lost, whenever the connection is", arguments: [1, 2, 3] as [UInt64])
  func reconnects(seed: UInt64) async throws {
    try await TestEnsemble.withRoot { ensemble in
      let witness = try await ensemble.store().openSession()
      let path = NodePath("/counter")
      try await witness.create(path)
      try await ensemble.withProxy(toServer: Int(seed)) { proxy in
        let session = try await ensemble.store(through: [proxy]).openSession()
        let random = SeededRandom(seed)
        var versions = session.watch(path).makeAsyncIterator()
        var children = session.watchChildren(of: .root).makeAsyncIterator()
        var last = try #require(try await versions.next()??.version)
        #expect(try await children.next() == ["counter"])
        for number in 1...60 {
          let cut = random.next(of: [0, 1, 2])
          if cut == 0 { proxy.cut() }
          try await witness.write(path, [])
          if cut == 1 { proxy.cut() }
          while last < number {
            let version = try #require(try await versions.next()??.version)
            #expect(version > last)
            last = version
          }
          if cut == 2 { proxy.cut() }
          try await witness.create(NodePath("/\(number)"))
          var names: [String]? = []
          while names?.contains("\(number)") != true { names = try #require(try await children.next()) }
          #expect(names?.count == number + 1)
        }
        await session.close()
      }
      await witness.close()
    }
  }

  @Test("A node is seen to come, to change, to go, and to come anew")
  func lives() async throws {
    try await TestEnsemble.withRoot { ensemble in
      let session = try await ensemble.store().openSession()
      let other = try await ensemble.store().openSession()
      let path = NodePath("/a")
      var nodes = session.watch(path).makeAsyncIterator()
      var children = session.watchChildren(of: path).makeAsyncIterator()
      #expect(try await nodes.next() == .some(nil))
      #expect(try await children.next() == .some(nil))
      for _ in 1...20 {
        try await other.create(path, [1])
        #expect(try await nodes.next()??.data == [1])
        #expect(try await children.next() == [])
        try await other.create(path / "b")
        #expect(try await children.next() == ["b"])
        try await other.write(path, [2])
        #expect(try await nodes.next()??.data == [2])
        try await other.transaction([.delete(path / "b", expecting: nil), .delete(path, expecting: nil)])
        #expect(try await nodes.next() == .some(nil))
        #expect(try await children.next() == .some(nil))
      }
      await session.close()
      await other.close()
    }
  }

  @Test("A watch that has ended leaves nothing behind, and disturbs no other on the same node")
  func leavesNothing() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let session = try #require(try await ensemble.store(through: [proxy]).openSession() as? ZooKeeperSession)
        let other = try await ensemble.store().openSession()
        for round in 1...20 {
          var kept = session.watch(NodePath("/0")).makeAsyncIterator()
          let before = try await kept.next()??.version ?? -1
          for number in 0..<10 {
            for try await _ in session.watch(NodePath("/\(number)")) { break }
            for try await _ in session.watchChildren(of: NodePath("/\(number)")) { break }
          }
          if round % 4 == 0 { proxy.cut() }
          if before < 0 { try await other.create(NodePath("/0")) } else { try await other.write(NodePath("/0"), []) }
          #expect(try await kept.next()??.version == before + 1)
        }
        try await session.loseConnection(proxy)
        for number in 10..<20 { _ = session.watch(NodePath("/\(number)")) }
        proxy.refuse(false)
        while !session.watches.paths.isEmpty {
          try Task.checkCancellation()
          try await session.synchronize()
        }
        await session.close()
        await other.close()
      }
    }
  }

  @Test("Cancelling the task that waits ends the watch")
  func cancelled() async throws {
    try await TestEnsemble.withRoot { ensemble in
      let session = try await ensemble.store().openSession()
      let (seen, saw) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        for try await _ in session.watch(.root) { saw.yield() }
      }
      for await _ in seen { break }
      task.cancel()
      try await task.value
      await session.close()
    }
  }
}
