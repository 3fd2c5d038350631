import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing

/// The recipes of dispatch one by one, where a whole build would hide them.
@Suite(.timeLimit(.minutes(3)))
struct RecipeTests {
  private static let queue = QueueClass(kind: .executeShell, labels: [])

  private func ticket(_ number: Int) throws -> Ticket {
    let time = Timestamp(milliseconds: 1_700_000_000_000)
    return Ticket(
      queue: Self.queue, build: BuildID(job: try JobName("foo"), number: number), work: .advance(.start),
      requested: time, posted: time, priority: 0)
  }

  private func head(_ workshop: Workshop) async throws -> QueuedTicket? {
    try await QueueHead(session: workshop.observer.session, hints: DispatchHints(), now: workshop.observer.now)
      .next(.executeShell, offering: [])
  }

  @Test("Names are spread over all buckets evenly, and for ever in the same way")
  func buckets() {
    #expect(["", "a", "host~1f"].map { HashBucket.name(of: $0) } == ["1", "0", "d"])
    var counts: [String: Int] = [:]
    for number in 0..<14_000 { counts[HashBucket.name(of: "host-\(number % 100)~\(number)"), default: 0] += 1 }
    #expect(counts.count == HashBucket.count && counts.values.allSatisfy { $0 < 1_000 })
  }

  @Test(
    "A head that somebody else took while it was being read does not hide what stands behind", arguments: StorePair.all)
  func vanishedHead(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      let poster = TicketPoster(session: session, now: workshop.observer.now)
      try await poster.post([try ticket(1), try ticket(2)]) { false }
      let overtaken = DisturbedSession(session, before: .read(below: NodeMap.queue(Self.queue))) {
        try await session.delete($0)
      }
      let next = try await QueueHead(session: overtaken, hints: DispatchHints(), now: workshop.observer.now)
        .next(.executeShell, offering: [])
      #expect(next?.ticket.build.number == 2)
    }
  }

  @Test(
    "A claim whose answer is lost is not taken for made when the slot was handed another ticket meanwhile",
    arguments: StorePair.all)
  func mistakenClaim(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let (session, now) = (workshop.observer.session, workshop.observer.now)
      let poster = TicketPoster(session: session, now: now)
      let (queued, handed) = (try ticket(1), try ticket(2))
      try await poster.post([queued]) { false }
      let slot = try await workshop.joinSlots(1, in: session)[0]
      try await slot.park(0)
      let lossy = DisturbedSession.losingTransaction(session) { try await poster.post([handed]) { false } }
      let claimer = Slot(
        id: slot.id, kind: .executeShell, labels: [], session: lossy, hints: DispatchHints(), now: now)
      #expect(try await claimer.claimFromQueue(0) == nil)
      let node = try #require(try await session.read(slot.path))
      #expect(try SlotRecord.decode(node)?.ticket == handed)
      #expect(try await head(workshop)?.ticket == queued)
    }
  }

  @Test("A deep queue is cut in short lists, and is emptied in its order", arguments: StorePair.all)
  func shortLists(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      let poster = TicketPoster(session: session, now: workshop.observer.now)
      let count = 1_020
      for start in stride(from: 0, to: count, by: 100) {
        try await poster.post(try (start..<min(start + 100, count)).map { try ticket($0 + 1) }) { false }
      }
      let queue = NodeMap.queue(Self.queue)
      var lists: [Int] = []
      for span in try #require(try await session.children(of: queue)) {
        let parts = try #require(try await session.children(of: queue / span))
        lists.append(parts.count)
        for part in parts { lists.append(try #require(try await session.children(of: queue / span / part)).count) }
      }
      #expect((10...14).contains(lists.count) && lists.allSatisfy { (1...100).contains($0) }, "\(lists)")
      let slot = try await workshop.joinSlots(1, in: session)[0]
      try await slot.park(0)
      var state = try #require(try await slot.claimFromQueue(0))
      for number in 1..<count {
        #expect(state.record?.ticket.build.number == number)
        state = try await slot.finish(state, then: .takeNext)
      }
      _ = try await slot.finish(state, then: .takeNext)
      #expect(try await slot.claimFromQueue(2 * count) == nil)
      #expect(try await session.children(of: queue) == [], "claimers remove what they have emptied")
    }
  }

  @Test("A ticket that its poster left in the queue, and died, is offered to a parked slot", arguments: StorePair.all)
  func abandonedTicket(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      let slot = try await workshop.joinSlots(1, in: session)[0]
      try await slot.park(0)
      #expect(try await slot.claimFromQueue(0) == nil)
      let abandoned = try ticket(7)
      var tail = try await QueueTail(session: session, queue: Self.queue, now: workshop.observer.now())
      let (queued, changes) = try await tail.append(abandoned)
      try await session.transaction(changes)
      try await Recovery(session: session, now: workshop.observer.now).offerQueued()
      let node = try #require(try await session.read(slot.path))
      #expect(try SlotRecord.decode(node)?.ticket == abandoned)
      #expect(try await session.read(queued.entry.path) == nil)
    }
  }

  @Test("Recovery leaves alone who is alive, and takes back once from who is not", arguments: StorePair.all)
  func recovery(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = try await workshop.coordination.openSession()
      let slot = try await workshop.joinSlots(1, in: session)[0]
      try await slot.park(0)
      let poster = TicketPoster(session: workshop.observer.session, now: workshop.observer.now)
      try await poster.post([try ticket(7)]) { false }
      let recovery = Recovery(session: workshop.observer.session, now: workshop.observer.now)
      #expect(try await recovery.sweep() == [])
      #expect(try await recovery.recover(slot.id.worker) == [])
      await session.close()
      #expect(try await recovery.sweep() == [slot.id])
      #expect(try await recovery.sweep() == [])
      let queued = try #require(try await head(workshop))
      #expect(queued.ticket.build.number == 7 && queued.ticket.losses == 1)
    }
  }

  @Test("A claim that was taken away cannot be finished", arguments: StorePair.all)
  func fencing(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      let slot = try await workshop.joinSlots(1, in: session)[0]
      try await slot.park(0)
      try await TicketPoster(session: session, now: workshop.observer.now).post([try ticket(7)]) { false }
      let node = try #require(try await session.read(slot.path))
      let held = SlotState(record: try SlotRecord.decode(node), version: node.version)
      // A supervisor declares the worker dead although it lives.
      try await session.delete(NodeMap.worker(slot.id.worker))
      try await Recovery(session: session, now: workshop.observer.now).sweep()
      await #expect(throws: ClaimLost.self) { try await slot.finish(held, posting: [try ticket(8)], then: .park) }
      let queued = try #require(try await head(workshop))
      #expect(queued.ticket.build.number == 7)
    }
  }

  @Test("A role has one holder, and the next one when that one's session ends", arguments: StorePair.all)
  func election(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let first = try await workshop.coordination.openSession()
      let second = try await workshop.coordination.openSession()
      let (holders, feed) = AsyncStream.makeStream(of: String.self)
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          try? await Election(session: first, role: "test", holder: "first").hold {
            feed.yield("first")
            await first.ended()
          }
        }
        var order = holders.makeAsyncIterator()
        #expect(await order.next() == "first")
        group.addTask {
          try? await Election(session: second, role: "test", holder: "second").hold { feed.yield("second") }
        }
        await first.close()
        #expect(await order.next() == "second")
      }
      await second.close()
    }
  }

  @Test("Deliveries are forgotten when they are too old to arrive again", arguments: StorePair.all)
  func deliveries(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let delivery = Delivery(lasting: ["github:1"])
      let request = StartRequest(job: try JobName("foo"))
      let first = try await workshop.repository.start([request], delivery: delivery)
      let again = try await workshop.repository.start([request], delivery: delivery)
      #expect(again.isRepeat && again.builds == first.builds)
      let day = Mutex(0)
      var sweep = DeliverySweep(session: workshop.observer.session) {
        Timestamp(milliseconds: 1_700_000_000_000 + Int64(day.withLock { $0 }) * 86_400_000)
      }
      for (now, isKnown) in [(29, true), (31, false)] {
        day.withLock { $0 = now }
        try await sweep.step()
        #expect(try await workshop.repository.start([request], delivery: delivery).isRepeat == isKnown)
      }
    }
  }

  @Test(
    "A build whose state does not fit in a node goes through an object, and ends all the same", arguments: StorePair.all
  )
  func largeBuild(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let names = (0..<100).map { "task-\($0)-" + String(repeating: "x", count: 100) }
      let tasks = names.map { #"{ "name": "\#($0)", "type": "execute-shell", "script": "true", "needs": [] }"# }
      try await workshop.defineJob(file: #"{ "job": "foo", "tasks": [\#(tasks.joined(separator: ","))] }"#)
      try await workshop.withWorkers(try TestWorker(shells: 4)) {
        let view = try await workshop.end(of: try await workshop.start("foo"))
        #expect(view.verdict == .succeeded && view.tasks.count == 100)
      }
      try await workshop.expectNothingLeft()
    }
  }
}
