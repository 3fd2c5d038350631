import LocalThreads
import Measurement

/// Arrivals that come when they are due, whatever has become of those before.
struct OpenLoop: Sendable {
  let schedule: ArrivalSchedule
  let stamps: StampPipe

  /// - Parameter act: does what an arrival asks for, and says by which number its first instruction is stamped.
  /// - Returns: milliseconds from when each was due to its stamp.
  func run(_ act: @escaping @Sendable (Int) async throws -> Int) async throws -> Distribution {
    // A moment ahead, so that the first is not late.
    let start = MonotonicTime.now + 5_000_000
    let due = schedule.offsets.map { start + $0 }
    let visits = await MonotonicTime.atEach(of: due) { index in
      Task(executorPreference: StoreThreads.shared) {
        let stamp = try await stamps.stamp(of: try await act(index))
        return MonotonicTime.milliseconds(from: due[index], to: stamp)
      }
    }
    defer { for visit in visits { visit.cancel() } }
    return try await withTaskCancellationHandler {
      var times: [Double] = []
      for visit in visits { times.append(try await visit.value) }
      return Distribution(times)
    } onCancel: {
      for visit in visits { visit.cancel() }
    }
  }
}
