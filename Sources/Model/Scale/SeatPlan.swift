/// An assignment in the making: seats of classes at pools.
struct SeatPlan {
  private let pools: [PoolOffer]
  /// By class, one number for each pool.
  private var seats: [QueueClass: [Int]] = [:]
  private var free: [Int]

  init(_ pools: [PoolOffer]) {
    self.pools = pools
    free = pools.map { max(0, $0.capacity) }
  }

  /// How many seats a class has in all.
  func given(_ queue: QueueClass) -> Int { seats[queue]?.reduce(0, +) ?? 0 }

  var byPool: [String: [QueueClass: Int]] {
    var shares: [String: [QueueClass: Int]] = [:]
    for (queue, counts) in seats {
      for (pool, count) in zip(pools, counts) where count > 0 { shares[pool.id, default: [:]][queue] = count }
    }
    return shares
  }

  /// Gives a class this many seats, or as many as there is room for, in proportion to the room that is left.
  mutating func spread(_ queue: QueueClass, _ count: Int) {
    let room = zip(pools, free).map { pool, free in pool.covers(queue) ? free : 0 }
    let shares = QuotaMethod.shares(of: min(count, room.reduce(0, +)), weights: room)
    seats[queue] = shares
    free = zip(free, shares).map { $0 - $1 }
  }

  /// Gives a class one seat more, by the shortest chain of moves of other classes' seats from pool to pool that makes room
  /// for it.
  ///
  /// - Returns: `false` when there is none: then no assignment at all has more seats for this class and as many for the
  ///   others.
  mutating func addOne(_ queue: QueueClass) -> Bool {
    // Breadth first: how each pool can be reached, and by a seat of which class from which pool.
    var reached: [Int: (from: Int?, moving: QueueClass)] = [:]
    var next: [Int] = []
    for pool in pools.indices where pools[pool].covers(queue) && pools[pool].capacity > 0 {
      reached[pool] = (nil, queue)
      next.append(pool)
    }
    next.sort { (free[$0], $1) > (free[$1], $0) }
    while !next.isEmpty {
      let pool = next.removeFirst()
      if free[pool] > 0 {
        place(queue, alongTo: pool, reached)
        return true
      }
      for (other, counts) in seats.sorted(by: { $0.key < $1.key }) where counts[pool] > 0 {
        for target in pools.indices where reached[target] == nil && pools[target].covers(other) {
          reached[target] = (pool, other)
          next.append(target)
        }
      }
    }
    return false
  }

  private mutating func place(
    _ queue: QueueClass, alongTo end: Int, _ reached: [Int: (from: Int?, moving: QueueClass)]
  ) {
    free[end] -= 1
    var pool = end
    while let step = reached[pool] {
      seats[step.moving, default: pools.map { _ in 0 }][pool] += 1
      guard let from = step.from else { return }
      seats[step.moving]?[from] -= 1
      pool = from
    }
  }
}
