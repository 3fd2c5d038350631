import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// What a ticket costs, in counts that do not depend on how busy the machine is.
@Suite(.timeLimit(.minutes(4)))
struct CountTests {
  @Test("Posting to a parked slot costs the same with 10 of them as with 1,000", arguments: StorePair.all)
  func posting(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let few = try await workshop.joinSlots(10, in: workshop.observer.session)
      try await workshop.park(few)
      let cost10 = try await costs(workshop, of: 1...5)
      let many = try await workshop.coordination.openSession()
      try await workshop.park(try await workshop.joinSlots(995, in: many))
      let cost1000 = try await costs(workshop, of: 6...105)
      for cost in cost10 + cost1000 {
        // Where a bucket that was known is empty now, one read found that out, and others may meet empty ones as well.
        #expect(cost.transactions == 1 && cost.reads <= 6, "\(cost)")
      }
      #expect(cost10[0].reads == 3, "the kind, the class, and the only bucket")
      #expect(cost10.dropFirst().allSatisfy { $0.reads == 1 }, "the bucket that is known now")
      #expect(cost1000.count { $0.reads == 0 } >= 90, "what was read of a long list is good for many tickets")
      await many.close()
    }
  }

  private func costs(_ workshop: Workshop, of tickets: ClosedRange<Int>) async throws -> [CoordinationCounts] {
    var costs: [CoordinationCounts] = []
    for number in tickets {
      let before = workshop.coordination.counts
      try await workshop.repository.poster.post([try workshop.looseTicket("a", number)]) { false }
      costs.append(workshop.coordination.counts - before)
    }
    return costs
  }

  @Test("Claiming costs the same at depth 10 as at depth 5,000", arguments: StorePair.all)
  func claiming(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = try await workshop.coordination.openSession()
      let slot = try await workshop.joinSlots(1, in: session)[0]
      // The folders are there from now on.
      #expect(try await workshop.drainQueue(through: slot) == [])
      try await slot.unpark(0)
      var costs: [CoordinationCounts] = []
      for (tickets, claims) in [(1...10, 10), (11...5_010, 100)] {
        try await workshop.post("a", tickets)
        let before = workshop.coordination.counts
        let order = try await workshop.drainQueue(through: slot, atMost: claims)
        costs.append(workshop.coordination.counts - before)
        #expect(order == (tickets.lowerBound..<tickets.lowerBound + claims).map { "a/\($0)" })
      }
      // One for each claim, two that park the slot, and one that removes a list that was emptied.
      #expect(costs[0].transactions <= 10 + 3 && costs[1].transactions <= 100 + 3, "\(costs)")
      // Of a short queue: the classes, the spans, the parts, the names, the ticket. Of a deep one the names are remembered.
      #expect(costs[0].reads <= 10 * 5 + 5, "\(costs)")
      #expect(costs[1].reads <= 100 * 5 / 2, "\(costs)")
      await session.close()
    }
  }

  @Test("A ticket handed to one of 1,000 parked slots is one event of one watch", arguments: StorePair.all)
  func oneEvent(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let sessions = [try await workshop.coordination.openSession(), try await workshop.coordination.openSession()]
      var slots: [Slot] = []
      for session in sessions { slots += try await workshop.joinSlots(500, in: session) }
      try await workshop.park(slots)
      let (events, feed) = AsyncStream.makeStream(of: SlotID?.self)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (number, slot) in slots.enumerated() {
          group.addTask {
            for try await _ in sessions[number / 500].watch(slot.path) { feed.yield(slot.id) }
          }
        }
        let probe = NodePath.root / "probe"
        try await workshop.observer.session.create(probe)
        for session in sessions {
          group.addTask { for try await _ in session.watch(probe) { feed.yield(nil) } }
        }
        var seen = events.makeAsyncIterator()
        for _ in 0..<1_002 { _ = await seen.next() }
        for count in [1, 10, 989] {
          let tickets = try (1...count).map { try workshop.looseTicket("a", $0) }
          for start in stride(from: 0, to: count, by: 200) {
            try await workshop.observer.poster.post(Array(tickets[start..<min(start + 200, count)])) { false }
          }
          try await workshop.observer.session.write(probe, [])
          // A session is told of changes in their order: what was to come before the probe has come.
          var woken: [SlotID] = []
          var probes = 0
          while probes < 2 || woken.count < count {
            if let event = await seen.next() ?? nil { woken.append(event) } else { probes += 1 }
          }
          #expect(woken.count == count && Set(woken).count == count)
        }
        group.cancelAll()
      }
      for session in sessions { await session.close() }
    }
  }

  @Test("A thousand idle slots write nothing", arguments: StorePair.all)
  func idle(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.withWorkers(
        try TestWorker(controls: 0, shells: 500), try TestWorker(controls: 0, shells: 500)
      ) {
        try await workshop.waitUntilParked([.executeShell: 1_000])
        let before = workshop.coordination.counts
        // Not a wait for something to happen: the second in which nothing may.
        try await Task.sleep(for: .seconds(1))
        let cost = workshop.coordination.counts - before
        #expect(cost.transactions == 0, "\(cost)")
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("Folders and shares of a class that nobody asks for any more are removed", arguments: StorePair.all)
  func folders(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      let slot = try await workshop.joinSlots(1, in: session)[0]
      try await workshop.post("a", 1...3)
      let time = Mutex(workshop.observer.now())
      var sweep = FolderSweep(session: session) { time.withLock { $0 } }
      let queue = try workshop.looseTicket("a", 1).queue
      let folders = [NodeMap.queue(queue), NodeMap.idle(queue), NodeMap.shares(queue)]
      for minutes in [0, 70, 71] {
        time.withLock { $0 = Timestamp(milliseconds: 1_700_000_000_000 + Int64(minutes) * 60_000) }
        try await sweep.next()
        for folder in [folders[0], folders[2]] { #expect(try await session.children(of: folder)?.count == 1) }
      }
      #expect(try await workshop.drainQueue(through: slot).count == 3)
      let state = try #require(try await session.read(slot.path))
      try await slot.unpark(state.version)
      for minutes in [80, 90, 100, 110] {
        time.withLock { $0 = Timestamp(milliseconds: 1_700_000_000_000 + Int64(minutes) * 60_000) }
        try await sweep.next()
      }
      for folder in folders { #expect(try await session.read(folder) == nil, "\(folder)") }
    }
  }
}
