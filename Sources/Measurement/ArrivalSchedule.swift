import Glibc

/// When the arrivals of an open loop are due: they do not wait for those before them, so that a system that is slow for a
/// moment is charged for everybody whom it keeps waiting.
package struct ArrivalSchedule: Hashable, Sendable {
  package enum Gaps: String, Hashable, Sendable, CaseIterable {
    /// The same between all arrivals.
    case even
    /// As of many independent sources: exponentially distributed, so that some arrive nearly together.
    case poisson
  }

  /// Nanoseconds from the beginning to each arrival, ascending.
  package let offsets: [UInt64]

  /// - Parameters:
  ///   - rate: arrivals per second on average; positive.
  ///   - generator: decides the gaps where they are random.
  package init(
    count: Int, rate: Double, gaps: Gaps, using generator: inout some RandomNumberGenerator
  ) {
    precondition(rate > 0, "a rate is positive")
    let mean = 1_000_000_000 / rate
    var offset = 0.0
    offsets = (0..<count).map { _ in
      defer { offset += gaps == .even ? mean : mean * Self.exponential(&generator) }
      return UInt64(offset)
    }
  }

  /// A number from the exponential distribution of mean 1.
  private static func exponential(_ generator: inout some RandomNumberGenerator) -> Double {
    -log(1 - Double.random(in: 0..<1, using: &generator))
  }
}
