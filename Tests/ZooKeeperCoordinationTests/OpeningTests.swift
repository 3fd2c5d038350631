import Coordination
import TestProxy
import Testing

@testable import ZooKeeperCoordination

@Suite("Opening a ZooKeeper session", .timeLimit(.minutes(3)))
struct OpeningTests {
  @Test("The timeout is what the servers granted, not what was asked for")
  func negotiatedTimeout() async throws {
    try await TestEnsemble.withRoot { ensemble in
      let shortest = try await ensemble.store(sessionTimeout: .milliseconds(1)).openSession()
      let longest = try await ensemble.store(sessionTimeout: .seconds(3600)).openSession()
      // From 2 to 20 ticks.
      #expect(shortest.timeout >= .milliseconds(2))
      #expect(longest.timeout == shortest.timeout * 10)
      await shortest.close()
      await longest.close()
    }
  }

  @Test("Without a server it fails in time, and says which servers it looked for")
  func unavailable() async throws {
    let (socket, port) = try TCP.listen()
    TCP.close(socket)
    let store = try ZooKeeperCoordinationStore(hosts: ["127.0.0.1:\(port)"], connectTimeout: .milliseconds(300))
    let begun = ContinuousClock.now
    let error = await #expect(throws: CoordinationError.self) { _ = try await store.openSession() }
    // On a busy machine, too, before the ten seconds that it takes where nobody says how long.
    #expect(ContinuousClock.now - begun < .seconds(9))
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("127.0.0.1:\(port)") == true)
  }

  @Test("Cancelling ends the wait for a server")
  func cancelled() async throws {
    let (socket, port) = try TCP.listen()
    defer { TCP.close(socket) }
    let store = try ZooKeeperCoordinationStore(hosts: ["127.0.0.1:\(port)"], connectTimeout: .seconds(50))
    let begun = ContinuousClock.now
    let task = Task { _ = try await store.openSession() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - begun < .seconds(10))
  }

  @Test("Several that open a new store at once all find its root")
  func newRoot() async throws {
    try await TestEnsemble.withRoot { ensemble in
      let address = try ZooKeeperAddress(
        servers: ensemble.address.servers, chroot: ensemble.address.chroot + "/x/y")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...8 {
          group.addTask {
            try await ZooKeeperCoordinationStore(address: address).withSession { session in
              try await session.create(NodePath("/\(number)"))
            }
          }
        }
        try await group.waitForAll()
      }
      try await ZooKeeperCoordinationStore(address: address).withSession { session in
        let names = try await session.children(of: .root)
        #expect(names == (1...8).map(String.init))
      }
    }
  }
}
