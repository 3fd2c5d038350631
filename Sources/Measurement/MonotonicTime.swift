import Foundation
import Glibc
import Synchronization

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

  /// Starts something for each of these points when it has come, late by no more than the kernel's timer is, and returns
  /// when the last one has begun. A thread of its own waits for the points and starts what comes, as a server's event loop
  /// does; the pool that the measured work runs on has no other guest than that work.
  ///
  /// - Parameter begin: is given the index of the point; called on that thread, and no more once the task is cancelled.
  package static func atEach<Begun: Sendable>(
    of points: [UInt64], _ begin: @escaping @Sendable (Int) -> Begun
  ) async -> [Begun] {
    let isCancelled = Atomic(false)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let thread = Thread {
          var begun: [Begun] = []
          for (index, point) in points.enumerated() {
            var time = timespec(tv_sec: Int(point / 1_000_000_000), tv_nsec: Int(point % 1_000_000_000))
            while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
            if isCancelled.load(ordering: .relaxed) { break }
            begun.append(begin(index))
          }
          continuation.resume(returning: begun)
        }
        thread.name = "arrivals"
        thread.start()
      }
    } onCancel: {
      isCancelled.store(true, ordering: .relaxed)
    }
  }
}
