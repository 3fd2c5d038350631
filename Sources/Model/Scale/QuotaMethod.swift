/// The quota method of Balinski and Young (1975): shares out a number of seats in proportion to weights.
///
/// * Each share differs from its exact proportion by less than 1.
/// * One seat more takes nothing from anybody: what runs is not drained to scale up.
/// * When somebody comes, nobody else gets more, and when somebody goes, nobody else gets less, as long as all weigh the
///   same. For unequal weights no method has all three of these (Balinski and Young, 1982); of the others, each may then get
///   one seat more.
package enum QuotaMethod {
  /// - Parameter weights: zero or more each.
  /// - Returns: as many shares as there are weights, which sum up to `seats`, or all zero when all weights are. Of equal
  ///   weights, those that stand first go first. No share is above its weight as long as `seats` is not above their sum.
  package static func shares(of seats: Int, weights: [Int]) -> [Int] {
    let total = weights.reduce(0, +)
    var shares = weights.map { _ in 0 }
    guard total > 0 else { return shares }
    for given in 0..<max(0, seats) {
      var best: Int?
      for index in weights.indices where shares[index] * total < weights[index] * (given + 1) {
        // The highest weight for each seat goes next, of those whose share stays within its proportion, rounded up.
        let isBetter = best.map { weights[index] * (shares[$0] + 1) > weights[$0] * (shares[index] + 1) } ?? true
        if isBetter { best = index }
      }
      if let best { shares[best] += 1 }
    }
    return shares
  }
}
