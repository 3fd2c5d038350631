import Coordination
import Logging
import Model

/// Waits for the role that lets numbers of slots follow the load, and plays it. It writes only when a number changes, and
/// reads nothing while no number is to follow anything.
struct ScalingLoop: Sendable {
  let session: any CoordinationSession
  let clock: PoolClock
  let logger: Logger

  /// Plays the role, whenever it is free, until the session ends.
  func run() async throws {
    let election = Election(session: session, role: NodeMap.scalingRole, holder: session.id.description)
    try await election.hold {
      var load = QueueLoad(session: session)
      var scales: [QueueClass: AutomaticScale] = [:]
      while true {
        let seen = try await session.read(NodeMap.scale)?.version
        let entries = try await ScaleTable(session: session).entries().filter { $0.record.automatic != nil }
        scales = scales.filter { queue, _ in entries.contains { $0.queue == queue } }
        guard let soonest = entries.compactMap(\.record.limits?.targetWait).min() else {
          try await changes(after: seen)
          continue
        }
        let now = clock.now
        let readings = try await load.read(entries.map(\.queue), now: now)
        for entry in entries {
          try await adjust(entry, readings[entry.queue], now, &scales[entry.queue, default: AutomaticScale()])
        }
        try await clock.sleep(for: min(max(soonest / 4, .milliseconds(250)), .seconds(5)))
      }
    }
  }

  /// Returns when the table is no longer at this version.
  private func changes(after version: Int?) async throws {
    for try await node in session.watch(NodeMap.scale) where node?.version != version { return }
    try Task.checkCancellation()
  }

  private func adjust(
    _ entry: ScaleTable.Entry, _ reading: ScaleReading?, _ now: Duration, _ scale: inout AutomaticScale
  ) async throws {
    guard let limits = entry.record.limits, let reading else { return }
    let wanted = scale.wanted(now: now, reading, current: entry.record.wanted, limits)
    guard wanted != entry.record.wanted else { return }
    do {
      try await ScaleTable(session: session).replace(entry, by: ScaleRecord(wanted: wanted, automatic: limits))
      logger.notice(
        "The number of wanted slots follows the load",
        metadata: ["class": "\(entry.queue)", "wanted": "\(wanted)", "before": "\(entry.record.wanted)"])
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      logger.debug("The number of wanted slots was changed meanwhile", metadata: ["class": "\(entry.queue)"])
    }
  }
}
