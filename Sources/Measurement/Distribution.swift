/// Figures that were measured, in whatever unit they were measured in.
package struct Distribution: Hashable, Sendable {
  private let sorted: [Double]

  package init(_ values: some Sequence<Double>) {
    sorted = values.sorted()
  }

  package var count: Int { sorted.count }

  /// The smallest value that at least this share of the values do not exceed: one that was measured, never one in between.
  ///
  /// - Parameter share: 0 to 1.
  /// - Returns: `nil` when nothing was measured.
  package func percentile(_ share: Double) -> Double? {
    precondition((0...1).contains(share), "a share is from 0 to 1")
    guard !sorted.isEmpty else { return nil }
    let rank = Int((share * Double(sorted.count)).rounded(.up))
    return sorted[max(rank, 1) - 1]
  }

  package var median: Double? { percentile(0.5) }

  package static func + (left: Self, right: Self) -> Self { Distribution(left.sorted + right.sorted) }
}
