import Coordination
import TestProxy
import Testing

@testable import ZooKeeperCoordination

@Suite("The end of a ZooKeeper session", .timeLimit(.minutes(3)))
struct SessionEndTests {
  @Test("F4: a session that is cut off for its timeout ends by itself")
  func cutOff() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let session = try await ensemble.store(through: [proxy], sessionTimeout: .seconds(1)).openSession()
        let witness = try await ensemble.store().openSession()
        try await session.create(NodePath("/mine"), lifetime: .session)
        let watched = firstError(of: session.watch(NodePath("/mine")))
        var sight = witness.watch(NodePath("/mine")).makeAsyncIterator()
        #expect(try await sight.next()??.owner == session.id)

        let begun = ContinuousClock.now
        proxy.swallow(true)
        await session.ended()
        // The library notices the silence after two thirds of the timeout.
        #expect(ContinuousClock.now - begun < session.timeout * 2 + .seconds(1))

        #expect(await watched.value == .sessionEnded)
        await expectEnded(session)
        #expect(try await sight.next() == .some(nil))
        await session.close()
        await witness.close()
      }
    }
  }

  @Test("A session that the servers have ended is over at once")
  func expired() async throws {
    try await TestEnsemble.withRoot { ensemble in
      try await ensemble.withProxy { proxy in
        let session = try await ensemble.store(through: [proxy], sessionTimeout: .seconds(10)).openSession()
        let watched = firstError(of: session.watchChildren(of: .root))
        let begun = ContinuousClock.now
        try proxy.endSessionAtServer(ensemble)
        await session.ended()
        #expect(ContinuousClock.now - begun < .seconds(5))
        #expect(await watched.value == .sessionEnded)
        await expectEnded(session)
        await session.close()
      }
    }
  }

  @Test("Closing ends everything that is under way, and deletes the session's nodes")
  func close() async throws {
    try await TestEnsemble.withRoot { ensemble in
      let witness = try await ensemble.store().openSession()
      for round in 1...10 {
        let session = try await ensemble.store().openSession()
        try await session.create(NodePath("/mine"), lifetime: .session)
        let watched = firstError(of: session.watch(.root))
        await withTaskGroup(of: CoordinationError.Code?.self) { group in
          for number in 1...50 {
            group.addTask {
              await code { try await session.create(NodePath("/\(round)-\(number)")) }
            }
            group.addTask { await code { _ = try await session.children(of: .root) } }
          }
          group.addTask {
            await session.close()
            return nil
          }
          for await code in group { #expect(code == nil || code == .sessionEnded) }
        }
        await session.ended()
        #expect(await watched.value == .sessionEnded)
        await expectEnded(session)
        try await witness.synchronize()
        #expect(try await witness.read(NodePath("/mine")) == nil)
      }
      await witness.close()
    }
  }

  @Test("A session that nobody holds any more is closed")
  func dropped() async throws {
    try await TestEnsemble.withRoot { ensemble in
      let witness = try await ensemble.store().openSession()
      var sight = witness.watch(NodePath("/mine")).makeAsyncIterator()
      #expect(try await sight.next() == .some(nil))
      do {
        let session = try await ensemble.store(sessionTimeout: .seconds(10)).openSession()
        try await session.create(NodePath("/mine"), lifetime: .session)
        #expect(try await sight.next()??.owner == session.id)
      }
      let begun = ContinuousClock.now
      #expect(try await sight.next() == .some(nil))
      #expect(ContinuousClock.now - begun < .seconds(5))
      await witness.close()
    }
  }

  private func firstError<Element: Sendable>(
    of stream: AsyncThrowingStream<Element, any Error>
  ) -> Task<CoordinationError.Code?, Never> {
    Task { await code { for try await _ in stream {} } }
  }

  private func expectEnded(_ session: any CoordinationSession) async {
    await session.ended()
    #expect(await code { _ = try await session.read(.root) } == .sessionEnded)
    #expect(await code { _ = try await session.children(of: .root) } == .sessionEnded)
    #expect(await code { try await session.synchronize() } == .sessionEnded)
    #expect(await code { try await session.create(NodePath("/late")) } == .sessionEnded)
  }
}

/// The code of the error that `body` throws.
func code(_ body: () async throws -> Void) async -> CoordinationError.Code? {
  do {
    try await body()
    return nil
  } catch {
    return (error as? CoordinationError)?.code
  }
}

extension ServerProxy {
  /// Takes the session over with its id and password, and closes it.
  func endSessionAtServer(_ ensemble: TestEnsemble) throws {
    let port = try #require(ensemble.address.servers.last?.split(separator: ":").last.flatMap { UInt16($0) })
    let socket = try #require(TCP.connect(port))
    let password = credentials[8...]
    let protocolAndZxid = [UInt8](repeating: 0, count: 12)
    let isReadOnly: [UInt8] = [0]
    _ = TCP.writeFrame(
      protocolAndZxid + TCP.bigEndian(10_000) + credentials[..<8] + password + isReadOnly, to: socket)
    let answer = try #require(TCP.readFrame(socket))
    #expect(Array(answer[8..<16]) == Array(credentials[..<8]))
    let close: Int32 = -11
    _ = TCP.writeFrame(TCP.bigEndian(1) + TCP.bigEndian(close), to: socket)
    _ = try #require(TCP.readFrame(socket))
    TCP.close(socket)
  }
}
