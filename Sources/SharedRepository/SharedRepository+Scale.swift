import Coordination
package import Model

extension SharedRepository {
  /// Every class of slots of which some are wanted or run in pools, or for which tickets wait.
  package func scale() async throws -> [ScaleView] {
    let entries = try await ScaleTable(session: session).entries()
    var classes = Set(entries.map(\.queue))
    for kind in TaskKind.allCases {
      for (list, path) in [(NodeMap.seats(kind), NodeMap.seats), (NodeMap.queues(kind), NodeMap.queue)] {
        for name in try await session.children(of: list) ?? [] {
          let queue = QueueClass(kind: kind, labels: NodeMap.labels(ofComponent: name))
          if try await session.read(path(queue))?.childCount ?? 0 > 0 { classes.insert(queue) }
        }
      }
    }
    let records = Dictionary(uniqueKeysWithValues: entries.map { ($0.queue, $0.record) })
    return try await classes.sorted().asyncMap { try await view(of: $0, records[$0]) }
  }

  package func scale(of queue: QueueClass) async throws -> ScaleView {
    try await view(of: queue, ScaleTable(session: session).entry(queue)?.record)
  }

  /// Sets how many slots of a class the pools shall run.
  ///
  /// - Throws: `ValidationError` for what cannot be wanted; ``RepositoryError`` with `conflict` when there are too many
  ///   classes.
  package func setScale(of queue: QueueClass, to request: ScaleRequest) async throws -> ScaleView {
    try NodeMap.check(queue.labels)
    do {
      let record = try await ScaleTable(session: session).set(queue, to: try request.setting())
      return try await view(of: queue, record)
    } catch let error as CoordinationError where error.code == .tooLarge {
      throw RepositoryError(.conflict, error.message, remedy: "see 'distci scale' for those that there are")
    }
  }

  private func view(of queue: QueueClass, _ record: ScaleRecord?) async throws -> ScaleView {
    var waiting = 0
    for bucket in try await session.children(of: NodeMap.queue(queue)) ?? [] {
      waiting += try await session.read(NodeMap.queue(queue) / bucket)?.childCount ?? 0
    }
    let running = try await session.read(NodeMap.seats(queue))?.childCount ?? 0
    return ScaleView(
      queue, wanted: record?.wanted ?? 0, running: running, waiting: waiting,
      automatic: record?.limits.map { AutomaticScaleView($0) })
  }

  /// The pools that are alive, and how much they run.
  package func pools() async throws -> [PoolView] {
    let running = try await seatsByPool()
    return try await PoolSession.all(session).map { pool, record in
      PoolView(
        pool: pool.rawValue, host: record.host, process: record.process, started: InstantText(record.started),
        labels: record.labels, kinds: record.kinds, capacity: record.capacity, running: running[pool.rawValue] ?? 0)
    }
  }

  private func seatsByPool() async throws -> [String: Int] {
    var running: [String: Int] = [:]
    for kind in TaskKind.allCases {
      for labels in try await session.children(of: NodeMap.seats(kind)) ?? [] {
        for seat in try await session.children(of: NodeMap.seats(kind) / labels) ?? [] {
          guard let node = try await session.read(NodeMap.seats(kind) / labels / seat) else { continue }
          running[try SeatRecord.decode(node).pool, default: 0] += 1
        }
      }
    }
    return running
  }
}
