/// A point on the kernel's monotonic clock (`CLOCK_MONOTONIC`), which every process of one machine shares until it boots.
package struct MonotonicInstant: Sendable, Hashable, Comparable {
  /// Nanoseconds since an arbitrary point.
  package var nanoseconds: UInt64

  /// A point on the clock.
  package init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// The time from here to `other`; negative if `other` is earlier.
  package func duration(to other: MonotonicInstant) -> Duration {
    .nanoseconds(Int64(bitPattern: other.nanoseconds &- nanoseconds))
  }

  /// Earlier is smaller.
  package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}
