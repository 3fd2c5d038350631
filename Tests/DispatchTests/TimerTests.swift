import Coordination
import Model
import SharedRepository
import TestStores
import Testing

@Suite(.timeLimit(.minutes(3)))
struct TimerTests {
  private func timer(_ number: Int, due: Int64) throws -> Timer {
    let time = Timestamp(milliseconds: due)
    let queue = QueueClass(kind: .buildControl, labels: [])
    let build = BuildID(job: try JobName("foo"), number: number)
    return Timer(
      due: time,
      ticket: Ticket(queue: queue, build: build, work: .advance(.start), requested: time, posted: time, priority: 0))
  }

  private func set(_ list: [Timer], _ timers: Timers, _ session: any CoordinationSession) async throws {
    for start in stride(from: 0, to: list.count, by: 200) {
      try await session.transaction(try await timers.setting(Array(list[start..<min(start + 200, list.count)])))
    }
  }

  private func posted(_ workshop: Workshop) async throws -> [Int] {
    try await workshop.repository.queuedTickets(limit: 10_000).map(\.build)
  }

  @Test(
    "What is due fires in its order, also what fell due while nobody looked; the rest waits", arguments: StorePair.all)
  func due(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.repository.session
      let timers = Timers(session: session, now: { Timestamp(milliseconds: 1_000) })
      #expect(try await timers.fireDue() == nil)
      try await set([timer(3, due: 5_000), timer(1, due: 999), timer(2, due: 1_000)], timers, session)
      #expect(try await timers.fireDue() == Timestamp(milliseconds: 5_000))
      #expect(try await posted(workshop) == [1, 2])
      #expect(try await timers.fireDue() == Timestamp(milliseconds: 5_000))
      let later = Timers(session: session, now: { Timestamp(milliseconds: 9_000) })
      #expect(try await later.fireDue() == nil)
      #expect(Set(try await posted(workshop)) == [1, 2, 3])
    }
  }

  @Test("Each timer fires once, however many try at the same time", arguments: StorePair.all)
  func once(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_000) }
      let timers = Timers(session: workshop.repository.session, now: now)
      try await set(try (1...40).map { try timer($0, due: 500) }, timers, workshop.repository.session)
      let before = workshop.coordination.counts
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          let session = try await workshop.coordination.openSession()
          group.addTask {
            _ = try await Timers(session: session, now: now).fireDue()
            await session.close()
          }
        }
        try await group.waitForAll()
      }
      #expect(try await posted(workshop).sorted() == Array(1...40))
      #expect((workshop.coordination.counts - before).transactions >= 40)
      #expect(try await workshop.repository.session.children(of: NodeMap.timers)?.count ?? 0 <= 1)
    }
  }

  @Test("Many timers are cut in buckets, and still fire in their order", arguments: StorePair.all)
  func buckets(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.repository.session
      let timers = Timers(session: session, now: { Timestamp(milliseconds: 10) })
      var random = SystemRandomNumberGenerator()
      // An order in which later ones open buckets, and earlier ones come into those that are there.
      let list = try (11...(NodeMap.bucketSize + 210)).shuffled(using: &random).map { try timer($0, due: Int64($0)) }
      try await set(list, timers, session)
      let buckets = try #require(try await session.children(of: NodeMap.timers))
      #expect((2...20).contains(buckets.count))
      for bucket in buckets {
        let names = try #require(try await session.children(of: NodeMap.timers / bucket))
        #expect((1...NodeMap.bucketSize).contains(names.count))
      }
      for time in [11, 40, 41, 90] {
        let later = Timers(session: session, now: { Timestamp(milliseconds: Int64(time)) })
        #expect(try await later.fireDue() == Timestamp(milliseconds: Int64(time + 1)))
      }
      #expect(try await posted(workshop).sorted() == Array(11...90))
    }
  }

  @Test(
    "A timer that was taken back does not fire, and taking back one that has fired is nothing", arguments: StorePair.all
  )
  func clearing(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.repository.session
      let timers = Timers(session: session, now: { Timestamp(milliseconds: 1_000) })
      let (kept, dropped) = (try timer(1, due: 900), try timer(2, due: 900))
      try await set([kept, dropped], timers, session)
      let changes = try await timers.clearing([dropped])
      #expect(changes.count == 1)
      try await session.transaction(changes)
      #expect(try await timers.fireDue() == nil)
      #expect(try await posted(workshop) == [1])
      #expect(try await timers.clearing([kept, dropped]) == [])
    }
  }
}
