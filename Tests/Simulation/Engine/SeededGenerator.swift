package import Measurement

extension SeededGenerator {
  /// One of `0..<count`. Shorter than the standard library's way, and good enough for small counts.
  package mutating func below(_ count: Int) -> Int { Int(next() >> 11) % max(count, 1) }

  /// True in so many of a thousand cases.
  package mutating func chance(_ permille: Int) -> Bool { below(1_000) < permille }

  package mutating func pick(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }
}
