import Coordination
import Synchronization
import TestProxy
import Testing

@testable import ZooKeeperCoordination

@Suite("A lost connection to ZooKeeper", .timeLimit(.minutes(3)))
struct LostConnectionTests {
  @Test("F12: a commit is made exactly once, whenever the connection is lost", arguments: [1, 2, 3, 4] as [UInt64])
  func commitExactlyOnce(seed: UInt64) async throws {
    let commits = 100
    try await TestEnsemble.withRoot { ensemble in
      let log = NodePath("/log")
      let counter = NodePath("/counter")
      let witness = try await ensemble.store().openSession()
      try await witness.transaction([.create(log, [], .persistent), .create(counter, [], .persistent)])

      try await ensemble.withProxy(toServer: Int(seed)) { proxy in
        let session = try await ensemble.store(through: [proxy]).openSession()
        let random = SeededRandom(seed)
        proxy.injectFaults { $0.changesNothing ? .none : random.next(of: ServerProxy.Fault.allCases) }
        for number in 1...commits {
          let entry = log / String(number)
          try await session.commit([.create(entry, [], .persistent), .write(counter, [], expecting: nil)]) {
            try await session.read(entry) != nil
          }
        }
        await session.close()
        #expect(proxy.count(of: .loseRequest) > commits / 5)
        #expect(proxy.count(of: .loseResponse) > commits / 5)
      }

      try await witness.synchronize()
      #expect(try await witness.children(of: log)?.count == commits)
      #expect(try await witness.read(counter)?.version == commits)
      await witness.close()
    }
  }

  @Test("A transaction whose answer is lost has an unknown outcome", arguments: [true, false])
  func unknownOutcome(isMade: Bool) async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let session = try await ensemble.store(through: [proxy]).openSession()
        // Not the transaction that synchronizes: it would be repeated for ever.
        proxy.injectFaults { $0.changesNothing ? .none : isMade ? .loseResponse : .loseRequest }
        let error = await #expect(throws: CoordinationError.self) { try await session.create(NodePath("/a")) }
        #expect(error?.code == .outcomeUnknown)
        try await session.synchronize()
        #expect(try await session.read(NodePath("/a")) != nil || !isMade)
        #expect(try await session.read(NodePath("/a")) == nil || isMade)
        await session.close()
      }
    }
  }

  @Test("Synchronizing goes on until it has an answer")
  func lostSynchronizing() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let session = try await ensemble.store(through: [proxy]).openSession()
        let faults = Mutex<[ServerProxy.Fault]>([.loseRequest, .loseResponse])
        proxy.injectFaults { _ in faults.withLock { $0.popLast() } ?? .none }
        try await session.synchronize()
        #expect(faults.withLock { $0.isEmpty })
        await session.close()
      }
    }
  }

  @Test("Reads and transactions begun without a connection wait for it")
  func waitForConnection() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let session = try await ensemble.store(through: [proxy]).openSession()
        try await session.loseConnection(proxy)
        async let created: Void = session.create(NodePath("/a"))
        async let read = session.read(.root)
        proxy.refuse(false)
        try await created
        #expect(try await read != nil)
        await session.close()
      }
    }
  }

  @Test("A list is remembered until it changes, or the connection is lost")
  func rememberedList() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let list = NodePath("/list")
        let session = try await ensemble.store(through: [proxy]).openSession()
        let other = try await ensemble.store().openSession()
        try await session.create(list)
        #expect(session.rememberedChildren(of: list) == nil)
        #expect(try await session.settledChildren(of: list) == [])
        #expect(session.rememberedChildren(of: list) == [])
        try await session.create(list / "a")
        #expect(session.rememberedChildren(of: list) == nil)
        #expect(try await session.settledChildren(of: list) == ["a"])
        try await session.loseConnection(proxy)
        #expect(session.rememberedChildren(of: list) == nil)
        try await other.synchronize()
        try await other.create(list / "b")
        proxy.refuse(false)
        try await session.synchronize()
        #expect(session.rememberedChildren(of: list) == nil)
        #expect(try await session.settledChildren(of: list) == ["a", "b"])
        #expect(session.rememberedChildren(of: list) == ["a", "b"])
        try await session.delete(list / "a")
        try await session.delete(list / "b")
        try await session.delete(list)
        #expect(try await session.settledChildren(of: list) == nil)
        for session in [session, other] { await session.close() }
        #expect(session.rememberedChildren(of: list) == nil)
      }
    }
  }

  @Test("Cancelling a read without a connection ends it at once")
  func cancelledRead() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let session = try await ensemble.store(through: [proxy], sessionTimeout: .seconds(10)).openSession()
        // Once sent into a network that swallows it, once while there is no connection at all.
        proxy.swallow(true)
        await expectCancellation { _ = try await session.read(.root) }
        await expectCancellation { try await session.synchronize() }
        proxy.swallow(false)
        try await session.loseConnection(proxy)
        await expectCancellation { _ = try await session.children(of: .root) }
        proxy.refuse(false)
        #expect(try await session.read(.root) != nil)
        await session.close()
      }
    }
  }

  @Test("Another server takes the session over, with its nodes")
  func anotherServer() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy(toServer: 0) { first in
        try await ensemble.withProxy(toServer: 1) { second in
          let session = try await ensemble.store(through: [first, second]).openSession()
          let id = session.id
          try await session.create(NodePath("/mine"), lifetime: .session)
          let before = try await session.read(NodePath("/mine"))
          (first.isConnected ? first : second).refuse(true)
          #expect(try await session.read(NodePath("/mine")) == before)
          try await session.create(NodePath("/after"))
          #expect(first.accepted > 0 && second.accepted > 0)
          #expect(session.id == id)
          #expect(before?.owner == id)
          await session.close()
        }
      }
    }
  }

  private func expectCancellation(_ body: @escaping @Sendable () async throws -> Void) async {
    let begun = ContinuousClock.now
    let task = Task { try await body() }
    // As likely before it waits as while it waits.
    await Task.yield()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // Of a timeout of 10 s, the library takes two thirds until it gives a connection up.
    #expect(ContinuousClock.now - begun < .seconds(6))
  }
}

extension CoordinationSession {
  /// Cuts the session off, and returns when it knows.
  func loseConnection(_ proxy: ServerProxy) async throws {
    proxy.refuse(true)
    guard let session = self as? ZooKeeperSession else { return }
    while session.life.isConnected { await Task.yield() }
  }
}
