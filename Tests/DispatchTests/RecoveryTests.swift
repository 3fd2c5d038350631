import Coordination
import Logging
import Model
import SharedRepository
import TestStores
import Testing

@testable import Workers

/// Taking back what lost workers held, where something is in the way.
@Suite(.timeLimit(.minutes(3)))
struct RecoveryTests {
  @Test("What goes wrong once is done a moment later, not with the next sweep", arguments: StorePair.all)
  func secondTry(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = try await workshop.coordination.openSession()
      let slot = try await workshop.slot(in: session, with: 7)
      let disturbed = DisturbedSession(
        workshop.observer.session, before: .read(below: NodeMap.slots(of: slot.id.worker))
      ) { _ in throw CoordinationError(.unavailable, message: "a moment's trouble") }
      try await workshop.withRecovery(in: disturbed) { clock in
        await session.close()
        try await clock.sleepers(2)
        #expect(try await workshop.observer.session.read(slot.path) != nil)
        clock.advance(by: .seconds(1))
        try await workshop.waitUntilRecovered(slot.id)
      }
    }
  }

  @Test("Who comes and dies before anybody has looked is recovered at once", arguments: StorePair.all)
  func briefLives(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      // So that all of their lists are there, and are watched.
      for number in 0...3 * HashBucket.count { _ = try await workshop.joinSlots(1, in: session, host: "host\(number)") }
      try await workshop.withRecovery(in: session) { _ in
        for number in 0..<50 {
          let slot = SlotID(worker: WorkerID(host: "brief\(number)", session: session.id), number: 0)
          for list in [NodeMap.worker(slot.worker).parent, NodeMap.slots(of: slot.worker).parent] {
            try await session.createAll(try #require(list))
          }
          try await session.transaction([
            .create(NodeMap.worker(slot.worker), [], .session),
            .create(NodeMap.slots(of: slot.worker), [], .persistent),
            .create(NodeMap.slot(slot), [], .persistent),
            .delete(NodeMap.worker(slot.worker), expecting: nil),
          ])
          try await workshop.waitUntilRecovered(slot)
        }
      }
    }
  }

  @Test("What cannot be read of one lost worker keeps no other waiting", arguments: StorePair.all)
  func damage(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = try await workshop.coordination.openSession()
      // More than there are buckets: some share one.
      var slots: [Slot] = []
      for number in 0...HashBucket.count { slots.append(try await workshop.slot(in: session, with: number)) }
      await session.close()
      for slot in slots.prefix(2) { try await workshop.observer.session.write(slot.path, Array("{".utf8)) }
      let recovery = Recovery(session: workshop.observer.session, now: workshop.observer.now)
      let error = await #expect(throws: CoordinationError.self) { try await recovery.sweep() }
      #expect(error?.code == .refused && slots.prefix(2).map(\.path).contains(error?.path))
      for slot in slots {
        let isLeft = try await workshop.observer.session.read(slot.path) != nil
        #expect(isLeft == slots.prefix(2).contains { $0.id == slot.id })
      }
    }
  }
}

extension Workshop {
  /// Has what lost workers held recovered beside a test, after the first sweep. None comes later while the clock stands still.
  fileprivate func withRecovery(
    in session: any CoordinationSession, _ body: @escaping @Sendable (SteppedClock) async throws -> Void
  ) async throws {
    let clock = SteppedClock()
    let loop = RecoveryLoop(
      repository: SharedRepository(session: session, objects: objects, now: observer.now), clock: clock,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await loop.run() }
      defer { group.cancelAll() }
      try await clock.sleepers(1)
      try await body(clock)
    }
  }

  fileprivate func waitUntilRecovered(_ slot: SlotID) async throws {
    try await waitForChange([NodeMap.slots(of: slot.worker)]) {
      try await self.observer.session.read(NodeMap.slot(slot)) == nil
    }
  }

  /// The slot of a worker of its own, with a loose ticket in its hands.
  fileprivate func slot(in session: any CoordinationSession, with number: Int) async throws -> Slot {
    let slot = try await joinSlots(1, in: session, host: "host\(number)")[0]
    try await slot.park(0)
    try await observer.poster.post([try looseTicket("foo", number)]) { false }
    return slot
  }
}
