package import Model

/// How many slots of a class are wanted.
package struct ScaleRecord: Hashable, Sendable, Codable {
  package var wanted: Int
  /// Between which bounds the number follows the load; `nil` where it stays as it was set.
  package var automatic: Limits?

  package struct Limits: Hashable, Sendable, Codable {
    package var min: Int
    package var max: Int
    package var targetWaitMilliseconds: Int
  }

  package init(wanted: Int, automatic: ScaleLimits? = nil) {
    self.wanted = wanted
    self.automatic = automatic.map {
      Limits(
        min: $0.min, max: $0.max, targetWaitMilliseconds: Int($0.targetWait / .milliseconds(1)))
    }
  }

  package var limits: ScaleLimits? {
    automatic.map {
      ScaleLimits(min: $0.min, max: $0.max, targetWait: .milliseconds($0.targetWaitMilliseconds))
    }
  }
}

/// What a pool tells of itself.
package struct PoolRecord: Hashable, Sendable, Codable {
  package var host: String
  package var process: Int
  package var started: Timestamp
  package var labels: [Label]
  package var kinds: [TaskKind]
  /// How many slots it runs at most.
  package var capacity: Int

  package init(
    host: String, process: Int, started: Timestamp, labels: [Label], kinds: [TaskKind], capacity: Int
  ) {
    self.host = host
    self.process = process
    self.started = started
    self.labels = labels
    self.kinds = kinds
    self.capacity = capacity
  }
}

/// Who runs a seat.
package struct SeatRecord: Hashable, Sendable, Codable {
  package var pool: String

  package init(pool: WorkerID) {
    self.pool = pool.rawValue
  }

  package static func decode(_ node: Node) throws -> SeatRecord {
    try JSONBytes.decode(SeatRecord.self, from: node.data)
  }
}
