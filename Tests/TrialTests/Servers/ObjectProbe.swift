import Foundation
import ObjectStorage
import Synchronization
import TestStores
import Testing

/// Writes new objects one after the other, in several lanes, and keeps how long nothing could be written, and what goes
/// wrong.
final class ObjectProbe: Sendable {
  private struct State {
    var isOver = false
    var lastWritten = ContinuousClock.now
    var worst: Duration = .zero
    var worstFailure: Duration = .zero
    var failures: [ObjectStoreError.Code] = []
    var written = 0
  }

  /// How many objects of each lane there are at most.
  private static let kept = 200

  private let state = Mutex(State())

  static func run(on site: Site, _ body: (ObjectProbe) async throws -> Void) async throws {
    let probe = ObjectProbe()
    let objects = try await site.stores.openObjects()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in 0..<4 { group.addTask { try await probe.keepWriting(to: objects, lane) } }
      let result: Result<Void, any Error>
      do { result = .success(try await body(probe)) } catch { result = .failure(error) }
      probe.state.withLock { $0.isOver = true }
      try await group.waitForAll()
      try result.get()
    }
    await objects.close()
  }

  /// The longest time in which no write succeeded, since this was last asked.
  func takeWorst() -> Duration {
    state.withLock { state in
      defer { state.worst = .zero }
      return state.worst
    }
  }

  /// The longest that a write took that failed.
  var worstFailure: Duration { state.withLock { $0.worstFailure } }
  var failures: [ObjectStoreError.Code] { state.withLock { $0.failures } }
  private var written: Int { state.withLock { $0.written } }

  /// Waits until objects all over the pool are written again.
  func writes(_ count: Int = 64) async throws {
    let before = written
    try await eventually("\(count) objects are written", within: .seconds(90)) { written >= before + count }
  }

  func fails(_ code: ObjectStoreError.Code) async throws {
    try await eventually("a write fails with \(code)", within: .seconds(90)) { failures.contains(code) }
  }

  private func keepWriting(to objects: any ObjectStore, _ lane: Int) async throws {
    var number = 0
    while !state.withLock({ $0.isOver }) {
      number += 1
      let begun = ContinuousClock.now
      do {
        try await objects.put([UInt8](repeating: 1, count: 1_000), at: Self.key(lane, number))
        state.withLock { state in
          state.worst = max(state.worst, ContinuousClock.now - state.lastWritten)
          state.lastWritten = .now
          state.written += 1
        }
        // Not written again instead: what takes no more room than before is let into a full pool.
        if number > Self.kept { try await objects.delete(Self.key(lane, number - Self.kept)) }
      } catch let error as ObjectStoreError {
        let took = ContinuousClock.now - begun
        state.withLock { state in
          state.worstFailure = max(state.worstFailure, took)
          state.failures.append(error.code)
        }
      }
    }
  }

  private static func key(_ lane: Int, _ number: Int) -> ObjectKey { ObjectKey("probe/\(lane)/\(number)") }
}
