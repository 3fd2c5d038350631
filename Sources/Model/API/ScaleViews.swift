/// A class of slots as the API shows it: how many are wanted, and how many there are.
package struct ScaleView: Hashable, Sendable, Codable {
  package var kind: TaskKind
  package var labels: [Label]
  package var wanted: Int
  /// How many pools run at this moment.
  package var running: Int
  /// Tickets that ask for exactly these labels, and wait.
  package var waiting: Int
  /// What `wanted` follows, where it follows the load.
  package var automatic: AutomaticScaleView?

  package init(
    _ queue: QueueClass, wanted: Int, running: Int, waiting: Int, automatic: AutomaticScaleView? = nil
  ) {
    kind = queue.kind
    labels = queue.labels
    self.wanted = wanted
    self.running = running
    self.waiting = waiting
    self.automatic = automatic
  }
}

package struct AutomaticScaleView: Hashable, Sendable, Codable {
  package var min: Int
  package var max: Int
  /// Such as `30s`.
  package var targetWait: String

  package init(_ limits: ScaleLimits) {
    min = limits.min
    max = limits.max
    targetWait = TaskDuration.text(Int(limits.targetWait.components.seconds))
  }
}

/// What a class of slots shall be scaled to: either a number, or bounds between which it follows the load.
package struct ScaleRequest: Hashable, Sendable, Codable {
  package var wanted: Int?
  package var min: Int?
  package var max: Int?
  /// Such as `30s`, which it is without.
  package var targetWait: String?

  package static let keys = ["wanted", "min", "max", "targetWait"]
  /// The most slots of one class.
  package static let most = 1_000

  package init(wanted: Int? = nil, min: Int? = nil, max: Int? = nil, targetWait: String? = nil) {
    self.wanted = wanted
    self.min = min
    self.max = max
    self.targetWait = targetWait
  }

  package enum Setting: Hashable, Sendable {
    case fixed(Int)
    case automatic(ScaleLimits)
  }

  /// What is asked for.
  ///
  /// - Throws: ``ValidationError`` when it is neither a number nor bounds, or out of range.
  package func setting() throws(ValidationError) -> Setting {
    if let wanted {
      guard min == nil, max == nil, targetWait == nil else {
        throw ValidationError("a number and bounds exclude each other", remedy: "give either the one or the others")
      }
      guard (0...Self.most).contains(wanted) else {
        throw ValidationError("\(wanted) slots cannot be wanted", remedy: "0 to \(Self.most) can, of one class")
      }
      return .fixed(wanted)
    }
    guard let max else {
      throw ValidationError("it is not said how many slots are wanted", remedy: "give a number, or an upper bound")
    }
    let min = min ?? 0
    guard (0...max).contains(min), (1...Self.most).contains(max) else {
      throw ValidationError(
        "\(min) to \(max) are no bounds for slots", remedy: "0 ≤ min ≤ max, and 1 ≤ max ≤ \(Self.most)")
    }
    let seconds = try targetWait.map { text throws(ValidationError) in try TaskDuration.seconds(text) } ?? 30
    return .automatic(ScaleLimits(min: min, max: max, targetWait: .seconds(seconds)))
  }
}

/// A host's pool as the API shows it.
package struct PoolView: Hashable, Sendable, Codable {
  package var pool: String
  package var host: String
  package var process: Int
  package var started: InstantText
  package var labels: [Label]
  package var kinds: [TaskKind]
  /// How many slots it runs at most.
  package var capacity: Int
  /// How many it runs, those included that take no new tickets any more.
  package var running: Int

  package init(
    pool: String, host: String, process: Int, started: InstantText, labels: [Label], kinds: [TaskKind], capacity: Int,
    running: Int
  ) {
    self.pool = pool
    self.host = host
    self.process = process
    self.started = started
    self.labels = labels
    self.kinds = kinds
    self.capacity = capacity
    self.running = running
  }
}
