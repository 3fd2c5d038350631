import Foundation
import Glibc

/// The kernel's monotonic clock, which all processes of one machine share.
package enum MonotonicTime {
  /// Nanoseconds since an arbitrary point.
  package static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Milliseconds from one point to a later one; negative when it is earlier.
  package static func milliseconds(from start: UInt64, to end: UInt64) -> Double {
    Double(Int64(bitPattern: end &- start)) / 1_000_000
  }

  /// Gives out the index of each of these points when it has come, late by no more than the kernel's timer is: the points
  /// are waited for by a thread of their own, not by the pool that the measured work runs on.
  package static func arrivals(at points: [UInt64]) -> AsyncStream<Int> {
    let (stream, feed) = AsyncStream.makeStream(of: Int.self)
    let thread = Thread {
      for (index, point) in points.enumerated() {
        var time = timespec(tv_sec: Int(point / 1_000_000_000), tv_nsec: Int(point % 1_000_000_000))
        while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
        if case .terminated = feed.yield(index) { return }
      }
      feed.finish()
    }
    thread.name = "arrivals"
    thread.start()
    return stream
  }
}
