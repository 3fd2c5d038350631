import Coordination
import Logging
import Model
import SharedRepository
import Synchronization
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
      let isTroubled = Mutex(true)
      let disturbed = DisturbedSession(
        workshop.observer.session, before: .read(below: NodeMap.slots(of: slot.id.worker)), everyTime: true
      ) { _ in
        if isTroubled.withLock(\.self) { throw CoordinationError(.unavailable, message: "a moment's trouble") }
      }
      try await workshop.withRecovery(in: disturbed) { clock in
        await session.close()
        try await clock.sleepers(2)
        #expect(try await workshop.observer.session.read(slot.path) != nil)
        isTroubled.withLock { $0 = false }
        clock.advance(by: .seconds(1))
        try await workshop.waitUntilRecovered(slot.id)
      }
    }
  }

  @Test("Who comes and dies before anybody has looked is recovered at once", arguments: StorePair.all)
  func briefLives(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      // So that most of their lists are there already.
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

  @Test("When a list cannot be watched, all is begun anew", arguments: StorePair.all)
  func failedWatch(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      let slot = try await workshop.joinSlots(1, in: session)[0]
      let list = try #require(NodeMap.worker(slot.id.worker).parent)
      let disturbed = DisturbedSession(session, before: .watch(list)) { _ in
        throw CoordinationError(.unavailable, message: "a moment's trouble")
      }
      let error = await #expect(throws: CoordinationError.self) {
        try await WorkerChanges(session: disturbed).forEach { _ in }
      }
      #expect(error?.code == .unavailable)
      let first = Mutex<String?>(nil)
      await #expect(throws: CancellationError.self) {
        try await WorkerChanges(session: disturbed).forEach { bucket in
          first.withLock { $0 = bucket }
          throw CancellationError()
        }
      }
      #expect(first.withLock(\.self) == list.name)
    }
  }

  @Test("What cannot be read of one lost worker keeps nothing else waiting", arguments: StorePair.all)
  func damage(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = try await workshop.coordination.openSession()
      let slots = try await workshop.joinSlots(3, in: session, host: "a")
      // Another one in the same list, and behind it.
      let host = try #require(
        (0...).lazy.map { "b\($0)" }.first {
          NodeMap.worker(WorkerID(host: $0, session: session.id)).parent == NodeMap.worker(slots[0].id.worker).parent
        })
      let all = slots + (try await workshop.joinSlots(1, in: session, host: host))
      try await workshop.park(all)
      try await workshop.post("foo", 1...4)
      for slot in all { #expect(try await workshop.observer.session.read(slot.path)?.data.isEmpty == false) }
      await session.close()
      try await workshop.observer.session.write(all[0].path, Array("{".utf8))
      let recovery = Recovery(session: workshop.observer.session, now: workshop.observer.now)
      let error = await #expect(throws: CoordinationError.self) { try await recovery.sweep() }
      #expect(error?.code == .refused && error?.path == all[0].path)
      for slot in all {
        let isLeft = try await workshop.observer.session.read(slot.path) != nil
        #expect(isLeft == (slot.id == all[0].id))
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
