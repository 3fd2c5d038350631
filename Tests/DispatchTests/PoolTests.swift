import Coordination
import Execution
import Logging
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// What pools do with the store, with clocks that the test moves and processes that never come.
@Suite(.timeLimit(.minutes(3)))
struct PoolTests {
  private static let queue = QueueClass(kind: .executeShell, labels: [])

  @Test("A seat is held by one pool, until that gives it up or its session ends", arguments: StorePair.all)
  func seats(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let (one, two) = (try await workshop.coordination.openSession(), try await workshop.coordination.openSession())
      let first = PoolSession(session: one, host: "test")
      let second = PoolSession(session: two, host: "test")
      try await first.join(record)
      try await second.join(record)
      let seat = SeatID(Self.queue, 3)
      #expect(try await first.take(seat))
      #expect(try await !second.take(seat))
      #expect(try await second.taken(Self.queue) == [3])
      try await first.giveUp(seat)
      #expect(try await second.take(seat))
      try await two.synchronize()
      await two.close()
      try await one.synchronize()
      #expect(try await first.take(seat))
      #expect(try await PoolSession.all(one).map(\.0) == [first.id])
      await one.close()
    }
  }

  @Test("Many take the same seats at once, and each seat has one holder", arguments: StorePair.all)
  func race(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      var sessions: [any CoordinationSession] = []
      for _ in 0..<4 { sessions.append(try await workshop.coordination.openSession()) }
      let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
        for session in sessions {
          group.addTask { [record] in
            let pool = PoolSession(session: session, host: "test")
            try await pool.join(record)
            var taken: [Int] = []
            for number in (0..<20).shuffled() where try await pool.take(SeatID(Self.queue, number)) {
              taken.append(number)
            }
            return taken
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(taken.sorted() == Array(0..<20))
      for session in sessions { await session.close() }
    }
  }

  @Test("Setting the same number again writes nothing; a change is told by one node", arguments: StorePair.all)
  func table(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.repository.session
      let table = ScaleTable(session: session)
      _ = try await table.set(Self.queue, to: .fixed(4))
      let version = try #require(try await session.read(NodeMap.scale)).version
      let before = workshop.coordination.counts
      _ = try await table.set(Self.queue, to: .fixed(4))
      #expect((workshop.coordination.counts - before).transactions == 0)
      let entry = try #require(try await table.entry(Self.queue))
      try await table.replace(entry, by: ScaleRecord(wanted: 5))
      #expect(try #require(try await session.read(NodeMap.scale)).version > version)
      // What was read before it changed does not overwrite the change.
      await #expect(throws: CoordinationError.self) { try await table.replace(entry, by: ScaleRecord(wanted: 9)) }
      #expect(try await table.entries().map(\.record.wanted) == [5])
      _ = try await table.set(Self.queue, to: .fixed(0))
      #expect(try await table.entries().isEmpty)
    }
  }

  @Test(
    "A pool that has nothing to change writes nothing, also while a number follows the load", arguments: StorePair.all)
  func silence(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let clock = SteppedClock()
      let pool = Pool(configuration, clock: clock, logger: .silent) { _ in throw NoProcess() }
      let session = try await workshop.coordination.openSession()
      let repository = SharedRepository(session: session, objects: workshop.objects, now: workshop.repository.now)
      let limits = ScaleLimits(min: 0, max: 8, targetWait: .seconds(8))
      _ = try await ScaleTable(session: workshop.observer.session).set(Self.queue, to: .automatic(limits))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await pool.run(repository) }
        // Who follows the load sleeps for two seconds between looks, and who recovers for ten.
        try await clock.sleepers(2)
        let before = workshop.coordination.counts
        for _ in 0..<20 {
          clock.advance(by: .seconds(2))
          try await clock.sleepers(2)
        }
        let after = workshop.coordination.counts - before
        #expect(after.transactions == 0)
        #expect(after.reads > 0)
        pool.finish()
        try await group.waitForAll()
      }
      await session.close()
    }
  }

  @Test(
    "A ticket that waits too long raises the number, and no host's clock but one is asked", arguments: StorePair.all)
  func follows(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let clock = SteppedClock()
      let pool = Pool(configuration, clock: clock, logger: .silent) { _ in throw NoProcess() }
      let session = try await workshop.coordination.openSession()
      let repository = SharedRepository(session: session, objects: workshop.objects, now: workshop.repository.now)
      let table = ScaleTable(session: workshop.observer.session)
      let limits = ScaleLimits(min: 0, max: 8, targetWait: .seconds(8))
      _ = try await table.set(Self.queue, to: .automatic(limits))
      // Its poster's clock is fifty years ahead.
      let ticket = Ticket(
        queue: Self.queue, build: BuildID(job: try JobName("foo"), number: 1), work: .advance(.start),
        requested: Timestamp(milliseconds: 3_300_000_000_000), posted: Timestamp(milliseconds: 3_300_000_000_000),
        priority: 0)
      try await workshop.observer.poster.post([ticket]) { false }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await pool.run(repository) }
        for _ in 0..<4 {
          try await clock.sleepers(2)
          #expect(try await table.entry(Self.queue)?.record.wanted == 0)
          clock.advance(by: .seconds(2))
        }
        try await clock.sleepers(2)
        #expect(try await table.entry(Self.queue)?.record.wanted == 0)
        clock.advance(by: .seconds(2))
        try await workshop.waitForChange([NodeMap.scale(Self.queue)]) {
          try await table.entry(Self.queue)?.record.wanted == 1
        }
        pool.finish()
        try await group.waitForAll()
      }
      await session.close()
    }
  }

  @Test("A slot whose process cannot live is started again later and later", arguments: StorePair.all)
  func crashLoop(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let clock = SteppedClock()
      let starts = Count()
      let pool = Pool(configuration, clock: clock, logger: .silent) { _ in
        starts.add()
        throw NoProcess()
      }
      let session = try await workshop.coordination.openSession()
      let repository = SharedRepository(session: session, objects: workshop.objects, now: workshop.repository.now)
      _ = try await ScaleTable(session: workshop.observer.session).set(Self.queue, to: .fixed(1))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await pool.run(repository) }
        // The other one that sleeps is who recovers. Twice at once, then after 1, 2 and 4 seconds.
        for (second, expected) in [2, 3, 3, 4, 4, 4, 4, 5].enumerated() {
          try await clock.sleepers(2)
          #expect(starts.value == expected, "after \(second) seconds")
          clock.advance(by: .seconds(1))
        }
        // Its pause does not hold up the end.
        pool.finish()
        try await group.waitForAll()
      }
      await session.close()
    }
  }

  @Test("When the pool's session is lost, so are its seats, and it takes others in the next", arguments: StorePair.all)
  func sessionLost(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let clock = SteppedClock()
      let pool = Pool(configuration, clock: clock, logger: .silent) { _ in throw NoProcess() }
      _ = try await ScaleTable(session: workshop.observer.session).set(Self.queue, to: .fixed(3))
      let connection = RepositoryConnection(
        store: workshop.coordination, objects: workshop.objects, now: workshop.repository.now)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await connection.run(pause: {}, failed: { _ in }) { try await pool.run($0) } }
        var holders: Set<SessionID?> = []
        for _ in 0..<3 {
          let seen = holders
          try await workshop.waitForChange([NodeMap.seats(Self.queue)]) {
            let owners = try await owners(of: Self.queue, workshop)
            return owners.count == 3 && Set(owners).isDisjoint(with: seen)
          }
          holders.formUnion(try await owners(of: Self.queue, workshop))
          await (try connection.current()).session.close()
        }
        #expect(holders.count == 3)
        pool.finish()
        try await group.waitForAll()
      }
    }
  }

  private func owners(of queue: QueueClass, _ workshop: Workshop) async throws -> [SessionID?] {
    let session = workshop.observer.session
    var owners: [SessionID?] = []
    for name in try await session.children(of: NodeMap.seats(queue)) ?? [] {
      if let node = try await session.read(NodeMap.seats(queue) / name) { owners.append(node.owner) }
    }
    return owners
  }

  private var record: PoolRecord {
    PoolRecord(
      host: "test", process: 1, started: Timestamp(milliseconds: 0), labels: [], kinds: [.executeShell], capacity: 4)
  }

  private var configuration: PoolConfiguration {
    PoolConfiguration(host: "test", process: 1, kinds: [.executeShell], labels: [], capacity: 4)
  }

  private struct NoProcess: Error {}

  private final class Count: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
  }
}

extension Logger {
  fileprivate static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
