/// How many of the wanted slots each pool runs: a pure function, so that pools which see the same come to the same without
/// asking each other.
package enum SeatAssignment {
  /// - Parameter pools: those that are alive, in any order, each once.
  /// - Returns: by pool, how many slots it runs of each class. As many slots as possible run in all, where there is room for
  ///   too few, every class gets its share of what there is. Each class is spread over the pools that can run it in
  ///   proportion to the room that classes before it left, those first that few pools can run: see ``QuotaMethod``.
  package static func shares(
    of wanted: [QueueClass: Int], among pools: [PoolOffer]
  ) -> [String: [QueueClass: Int]] {
    let pools = pools.sorted { $0.id < $1.id }
    let granted = grants(of: wanted, among: pools)
    var plan = SeatPlan(pools)
    let hardestFirst = granted.keys.sorted {
      let (left, right) = (capacity(for: $0, pools), capacity(for: $1, pools))
      return left == right ? $0 < $1 : left < right
    }
    for queue in hardestFirst { plan.spread(queue, granted[queue] ?? 0) }
    // What found no room, because classes before it took the wrong places, finds it by having them move.
    for queue in hardestFirst {
      while plan.given(queue) < granted[queue] ?? 0, plan.addOne(queue) {}
    }
    return plan.byPool
  }

  /// How many slots of each class there is room for, all of them together.
  private static func grants(of wanted: [QueueClass: Int], among pools: [PoolOffer]) -> [QueueClass: Int] {
    var plan = SeatPlan(pools)
    var open = wanted.filter { $0.value > 0 }
    // The class that has the least of what it wants goes next. What one class has, it keeps: only its places move.
    while let next = open.keys.min(by: { isWorseOff($0, $1, wanted, plan) }) {
      if !plan.addOne(next) || plan.given(next) == wanted[next] { open[next] = nil }
    }
    return wanted.mapValues { _ in 0 }.merging(wanted.keys.map { ($0, plan.given($0)) }) { $1 }
  }

  private static func isWorseOff(
    _ left: QueueClass, _ right: QueueClass, _ wanted: [QueueClass: Int], _ plan: SeatPlan
  ) -> Bool {
    let leftFirst = (plan.given(left) + 1) * (wanted[right] ?? 0)
    let rightFirst = (plan.given(right) + 1) * (wanted[left] ?? 0)
    return leftFirst == rightFirst ? left < right : leftFirst < rightFirst
  }

  private static func capacity(for queue: QueueClass, _ pools: [PoolOffer]) -> Int {
    pools.filter { $0.covers(queue) }.reduce(0) { $0 + $1.capacity }
  }
}
