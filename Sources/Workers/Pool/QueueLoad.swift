import Coordination
import Model

/// How long tickets wait, by the clock of who looks: those of other hosts may be wrong.
struct QueueLoad: Sendable {
  private let session: any CoordinationSession
  /// When each ticket at the head of a queue was first seen there, by its entry.
  private var seen: [NodePath: Duration] = [:]

  init(session: any CoordinationSession) {
    self.session = session
  }

  /// Looks at all queues that these classes can serve. A queue that several can serve counts for the one of them that fits
  /// it most closely.
  mutating func read(_ classes: [QueueClass], now: Duration) async throws -> [QueueClass: ScaleReading] {
    var entries: [QueueClass: [NodePath]] = [:]
    for kind in Set(classes.map(\.kind)).sorted() {
      for name in try await session.children(of: NodeMap.queues(kind)) ?? [] {
        guard let served = Self.closest(to: NodeMap.labels(ofComponent: name), classes.filter { $0.kind == kind })
        else { continue }
        entries[served, default: []] += try await head(of: NodeMap.queues(kind) / name)
      }
    }
    let waiting = Set(entries.values.joined())
    seen = seen.filter { waiting.contains($0.key) }
    for entry in waiting where seen[entry] == nil { seen[entry] = now }
    var readings: [QueueClass: ScaleReading] = [:]
    for queue in classes {
      let running = try await session.read(NodeMap.seats(queue))?.childCount ?? 0
      let idle = min(running, try await session.read(NodeMap.idle(queue))?.childCount ?? 0)
      let ages = (entries[queue] ?? []).compactMap { seen[$0] }.map { now - $0 }
      readings[queue] = ScaleReading(ages: ages, busy: running - idle, idle: idle)
    }
    return readings
  }

  /// The class with the fewest labels beyond those asked for.
  static func closest(to labels: Set<Label>, _ classes: [QueueClass]) -> QueueClass? {
    classes.filter { labels.isSubset(of: $0.labels) }
      .min { ($0.labels.count, $0) < ($1.labels.count, $1) }
  }

  /// The entries of the queue's first bucket that has any: as many as one list has are enough to decide by.
  private func head(of queue: NodePath) async throws -> [NodePath] {
    for bucket in try await session.children(of: queue) ?? [] {
      let names = try await session.children(of: queue / bucket) ?? []
      if !names.isEmpty { return names.map { queue / bucket / $0 } }
    }
    return []
  }
}
