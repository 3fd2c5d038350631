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
    return try await withThrowingTaskGroup(of: Double.self) { group in
      for await index in MonotonicTime.arrivals(at: due) {
        group.addTask {
          let stamp = try await stamps.stamp(of: try await act(index))
          return MonotonicTime.milliseconds(from: due[index], to: stamp)
        }
      }
      return Distribution(try await group.reduce(into: [Double]()) { $0.append($1) })
    }
  }
}
