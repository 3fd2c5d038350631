import Measurement
import Model
import Testing

/// Properties of the assignment, over random pools and numbers that are the same in every run.
@Suite struct SeatAssignmentTests {
  private static func pools(_ random: inout SeededGenerator, _ count: ClosedRange<Int>, alike: Bool = false)
    -> [PoolOffer]
  {
    let capacity = Int.random(in: 1...20, using: &random)
    return (0..<Int.random(in: count, using: &random)).map { number in
      let labels = ["a", "b", "c"].filter { _ in Int.random(in: 0...1, using: &random) == 1 }
      return PoolOffer(
        id: "pool-\(number)", capacity: alike ? capacity : Int.random(in: 0...20, using: &random),
        kinds: [.executeShell],
        labels: alike ? [] : Set(labels.compactMap { try? Label($0) }))
    }
  }

  private static func queue(_ labels: String...) throws -> QueueClass {
    QueueClass(kind: .executeShell, labels: try labels.map { try Label($0) })
  }

  private func sum(_ queue: QueueClass, _ shares: [String: [QueueClass: Int]]) -> Int {
    shares.values.reduce(0) { $0 + ($1[queue] ?? 0) }
  }

  @Test(arguments: 0..<200)
  func `all that is wanted runs, or all that there is room for, and each host's part is within 1 of its proportion`(
    _ seed: Int
  ) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pools = Self.pools(&random, 0...12)
    let wanted = Int.random(in: 0...250, using: &random)
    let queue = try Self.queue()
    let shares = SeatAssignment.shares(of: [queue: wanted], among: pools)
    let capacity = pools.reduce(0) { $0 + $1.capacity }
    #expect(sum(queue, shares) == min(wanted, capacity))
    for pool in pools {
      let share = shares[pool.id]?[queue] ?? 0
      let proportion = Double(min(wanted, capacity) * pool.capacity) / Double(max(1, capacity))
      #expect(abs(Double(share) - proportion) < 1, "\(pool.id) of \(pools)")
      #expect(share <= pool.capacity)
    }
  }

  @Test(arguments: 0..<100)
  func `the order in which the pools are listed does not matter`(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pools = Self.pools(&random, 1...8)
    let wanted = [
      try Self.queue(): Int.random(in: 0...30, using: &random), try Self.queue("a"): 9, try Self.queue("a", "b"): 7,
    ]
    let shares = SeatAssignment.shares(of: wanted, among: pools)
    for _ in 0..<5 {
      #expect(SeatAssignment.shares(of: wanted, among: pools.shuffled(using: &random)) == shares)
    }
  }

  @Test(arguments: 0..<100)
  func `among hosts that are alike nothing moves but to the one that joins, or from the one that dies`(
    _ seed: Int
  ) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let many = Self.pools(&random, 2...12, alike: true)
    let queue = try Self.queue()
    let wanted = [queue: Int.random(in: 0...120, using: &random)]
    let gone = Int.random(in: 0...(many.count - 1), using: &random)
    var few = many
    few.remove(at: gone)
    let (with, without) = (
      SeatAssignment.shares(of: wanted, among: many), SeatAssignment.shares(of: wanted, among: few)
    )
    for pool in few { #expect((without[pool.id]?[queue] ?? 0) >= (with[pool.id]?[queue] ?? 0)) }
  }

  @Test(arguments: 0..<100)
  func `among hosts that differ nobody else gets more than one slot from it`(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let many = Self.pools(&random, 2...12)
    let queue = try Self.queue()
    let wanted = Int.random(in: 0...many.dropLast().reduce(0) { $0 + $1.capacity }, using: &random)
    let with = SeatAssignment.shares(of: [queue: wanted], among: many)
    let without = SeatAssignment.shares(of: [queue: wanted], among: Array(many.dropLast()))
    for pool in many.dropLast() {
      #expect((with[pool.id]?[queue] ?? 0) <= (without[pool.id]?[queue] ?? 0) + 1)
    }
  }

  @Test(arguments: 0..<50)
  func `one slot more is wanted, and nobody has to give one up`(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pools = Self.pools(&random, 1...10)
    let queue = try Self.queue()
    var before: [String: [QueueClass: Int]] = [:]
    for wanted in 0...60 {
      let shares = SeatAssignment.shares(of: [queue: wanted], among: pools)
      for pool in pools { #expect((shares[pool.id]?[queue] ?? 0) >= (before[pool.id]?[queue] ?? 0)) }
      before = shares
    }
  }

  @Test(arguments: 0..<200)
  func `as many slots run as any assignment could run, each where its labels are`(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pools = Self.pools(&random, 1...5)
    let classes = [
      try Self.queue(), try Self.queue("a"), try Self.queue("b", "c"), try Self.queue("a", "c"),
    ]
    let wanted = Dictionary(uniqueKeysWithValues: classes.map { ($0, Int.random(in: 0...25, using: &random)) })
    let shares = SeatAssignment.shares(of: wanted, among: pools)
    var running = 0
    for pool in pools {
      let own = shares[pool.id] ?? [:]
      running += own.values.reduce(0, +)
      #expect(own.values.reduce(0, +) <= pool.capacity)
      #expect(own.keys.allSatisfy { pool.covers($0) })
    }
    for queue in classes { #expect(sum(queue, shares) <= wanted[queue] ?? 0) }
    // The maximum flow is the minimum cut: for the best choice of classes, all of the room that they can use, and all that
    // the other classes want.
    let cuts = (0..<(1 << classes.count)).map { mask in
      let inside = classes.enumerated().filter { mask & (1 << $0.offset) != 0 }.map(\.element)
      let room = pools.filter { pool in inside.contains { pool.covers($0) } }.reduce(0) { $0 + $1.capacity }
      return room + classes.filter { !inside.contains($0) }.reduce(0) { $0 + (wanted[$1] ?? 0) }
    }
    #expect(running == cuts.min())
  }

  @Test func `where there is too little room every class has its part`() throws {
    let pools = (0..<2).map { PoolOffer(id: "\($0)", capacity: 4, kinds: Set(TaskKind.allCases), labels: []) }
    let (shell, checkout) = (try Self.queue(), QueueClass(kind: .gitCheckout, labels: []))
    let shares = SeatAssignment.shares(of: [shell: 12, checkout: 4], among: pools)
    #expect(sum(shell, shares) == 6)
    #expect(sum(checkout, shares) == 2)
  }

  @Test func `a class that only one host can run is not crowded out by one that all can`() throws {
    let pools = [
      PoolOffer(id: "0", capacity: 2, kinds: [.executeShell], labels: [try Label("a")]),
      PoolOffer(id: "1", capacity: 2, kinds: [.executeShell], labels: []),
    ]
    let (any, special) = (try Self.queue(), try Self.queue("a"))
    let shares = SeatAssignment.shares(of: [any: 2, special: 2], among: pools)
    #expect(shares == ["0": [special: 2], "1": [any: 2]])
  }
}
