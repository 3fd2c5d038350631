import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// In which order tickets are taken.
@Suite(.timeLimit(.minutes(3)))
struct OrderTests {
  @Test("Higher priority goes first, whenever it came", arguments: StorePair.all)
  func priority(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.post("low", 1...1, priority: -5)
      try await workshop.post("plain", 1...3)
      try await workshop.post("high", 1...2, priority: 5)
      try await workshop.post("plain", 4...4)
      let slot = try await workshop.joinSlots(1, in: workshop.observer.session)[0]
      #expect(
        try await workshop.drainQueue(through: slot)
          == ["high/1", "high/2", "plain/1", "plain/2", "plain/3", "plain/4", "low/1"])
    }
  }

  @Test("A job that posts a thousand tickets does not keep those of others waiting", arguments: StorePair.all)
  func fairShare(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.post("a", 1...1_000)
      try await workshop.post("b", 1...1)
      try await workshop.post("c", 1...3)
      let slot = try await workshop.joinSlots(1, in: workshop.observer.session)[0]
      let order = try await workshop.drainQueue(through: slot)
      let mixed = ["a/1", "b/1", "c/1", "a/2", "c/2", "a/3", "c/3"]
      #expect(order == mixed + (4...1_000).map { "a/\($0)" })
    }
  }

  @Test("A ticket that was reached for in vain keeps its turn", arguments: StorePair.all)
  func reachedInVain(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.post("a", 1...4)
      let session = workshop.observer.session
      let slot = try await workshop.joinSlots(1, in: session)[0]
      try await slot.park(0)
      let held = try #require(try await slot.claimFromQueue(0))
      #expect(held.record?.ticket.build.number == 1)
      // As when it is cancelled meanwhile: the slot's finish must look again, and has picked a ticket by then.
      try await session.write(slot.path, try #require(try await session.read(slot.path)).data)
      let next = try await slot.finish(held, then: .takeNext)
      #expect(next.record?.ticket.build.number == 2)
    }
  }

  @Test("A job that comes later shares from then on, and owes nothing for the past", arguments: StorePair.all)
  func lateComer(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.post("a", 1...40)
      let slot = try await workshop.joinSlots(1, in: workshop.observer.session)[0]
      #expect(try await workshop.drainQueue(through: slot, atMost: 20) == (1...20).map { "a/\($0)" })
      try await workshop.post("b", 1...2)
      try await workshop.post("a", 41...41)
      let others = try await workshop.joinSlots(1, in: workshop.repository.session)[0]
      let order = try await workshop.drainQueue(through: others)
      #expect(order == ["a/21", "b/1", "a/22", "b/2"] + (23...41).map { "a/\($0)" })
    }
  }

  @Test("News of what runs comes before what has not begun", arguments: StorePair.all)
  func news(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.post("a", 1...5)
      let cancel = Ticket.Content.advance(.cancel(by: "ada", at: workshop.observer.now()))
      try await workshop.observer.poster.post([try workshop.looseTicket("z", 9, work: cancel)]) { false }
      let slot = try await workshop.joinSlots(1, in: workshop.observer.session)[0]
      #expect(try await workshop.drainQueue(through: slot) == ["a/1", "z/9", "a/2", "a/3", "a/4", "a/5"])
    }
  }

  @Test("Of the tasks of a build, those that took longest before are begun first", arguments: StorePair.all)
  func longestFirst(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let tasks = (0..<4).map { #"{ "name": "t\#($0)", "type": "execute-shell", "script": "true", "needs": [] }"# }
      try await workshop.defineJob(file: #"{ "job": "foo", "tasks": [\#(tasks.joined(separator: ","))] }"#)
      let begun = Mutex<[Int]>([])
      // Looking at the clock moves it on.
      let looks = [200, 4_000, 1_000, 2_000]
      let worker = try TestWorker { assignment in
        begun.withLock { $0.append(assignment.attempt.task) }
        for _ in 0..<looks[assignment.attempt.task] { _ = workshop.repository.now() }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        try await workshop.waitUntilBothAreParked()
        for expected in [[0, 1, 2, 3], [1, 3, 2, 0], [1, 3, 2, 0]] {
          begun.withLock { $0 = [] }
          #expect(try await workshop.end(of: try await workshop.start("foo")).verdict == .succeeded)
          #expect(begun.withLock { $0 } == expected)
          try await workshop.waitUntilBothAreParked()
        }
      }
    }
  }

  @Test(
    "A ticket goes to a worker that it does not avoid, and to one that it does when there is no other",
    arguments: StorePair.all)
  func avoidance(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let (session, other) = (workshop.observer.session, workshop.repository.session)
      let bad = try await workshop.joinSlots(2, in: session, host: "bad")
      let good = try await workshop.joinSlots(1, in: other, host: "good")[0]
      try await workshop.park(bad + [good])
      for (number, expected) in [(1, [good]), (2, bad), (3, bad)] {
        var ticket = try workshop.looseTicket("a", number)
        ticket.avoid("bad")
        ticket.avoid("elsewhere")
        try await workshop.observer.poster.post([ticket]) { false }
        let holders = try await (bad + [good]).asyncFilter { slot in
          guard let node = try await session.read(slot.path) else { return false }
          return try SlotRecord.decode(node)?.ticket.build.number == number
        }
        #expect(holders.count == 1 && expected.map(\.id).contains(holders[0].id))
      }
    }
  }
}

extension Sequence {
  fileprivate func asyncFilter(_ condition: (Element) async throws -> Bool) async rethrows -> [Element] {
    var result: [Element] = []
    for element in self where try await condition(element) { result.append(element) }
    return result
  }
}
