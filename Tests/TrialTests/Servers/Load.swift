import Foundation
import Model
import Synchronization
import Testing

/// Builds that are triggered one after the other, by several clients at a time, while something goes wrong.
final class Load: Sendable {
  private struct State {
    var isOver = false
    var ended: [Verdict] = []
    var worstAcknowledgement: Duration = .zero
  }

  private let site: Site
  private let state = Mutex(State())

  /// Runs builds of a job that counts aloud until `body` ends, and waits for those under way.
  static func run(
    on site: Site, clients: Int = 3, _ body: @Sendable (Load) async throws -> Void
  ) async throws {
    let load = Load(site)
    try await site.defineCountingJob("load")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<clients { group.addTask { try await load.keepBuilding() } }
      do {
        try await body(load)
      } catch {
        load.state.withLock { $0.isOver = true }
        throw error
      }
      load.state.withLock { $0.isOver = true }
      try await group.waitForAll()
    }
  }

  private init(_ site: Site) {
    self.site = site
  }

  /// How the builds ended, so far.
  var ended: [Verdict] { state.withLock { $0.ended } }
  /// The longest time from a trigger to its acknowledgement, since this was last asked.
  func takeWorstAcknowledgement() -> Duration {
    state.withLock { state in
      defer { state.worstAcknowledgement = .zero }
      return state.worstAcknowledgement
    }
  }

  /// Waits until this many more builds have succeeded that were triggered from now on or shortly before.
  func succeeds(_ count: Int) async throws {
    let before = succeeded
    try await eventually("\(count) builds succeed", within: .seconds(120)) { succeeded >= before + count }
  }

  private var succeeded: Int { ended.count { $0 == .succeeded } }

  private func keepBuilding() async throws {
    while !state.withLock({ $0.isOver }) {
      let triggered = ContinuousClock.now
      let build = try await site.start("load")
      let acknowledged = ContinuousClock.now - triggered
      state.withLock { $0.worstAcknowledgement = max($0.worstAcknowledgement, acknowledged) }
      let verdict = try #require(try await site.end(of: build, within: .seconds(180)).verdict)
      state.withLock { $0.ended.append(verdict) }
    }
  }
}
