import Coordination
import Logging
import ObjectStorage

/// The state of the counters of one process, or of several together, at one moment.
struct Counts: Hashable, Sendable, Encodable {
  var transactions = 0
  var reads = 0
  var watchEvents = 0
  var objectWrites = 0
  var objectReads = 0
  var commands = 0

  init() {}

  init(coordination: CoordinationCounts, objects: ObjectCounts, commands: Int) {
    transactions = coordination.transactions
    reads = coordination.reads
    watchEvents = coordination.watchEvents
    objectWrites = objects.writes
    objectReads = objects.reads
    self.commands = commands
  }

  /// Name in Prometheus, what is counted, and where it stands here.
  private static let metrics: [(name: String, help: String, field: any WritableKeyPath<Counts, Int> & Sendable)] = [
    ("distci_coordination_transactions_total", "Transactions asked of the coordination store.", \.transactions),
    ("distci_coordination_reads_total", "Nodes and lists of children read.", \.reads),
    ("distci_coordination_watch_events_total", "News that watches brought, the first of each included.", \.watchEvents),
    ("distci_object_writes_total", "Objects written or deleted, and updates of indexes.", \.objectWrites),
    ("distci_object_reads_total", "Objects and indexes read.", \.objectReads),
    ("distci_commands_started_total", "Commands of tasks that were started.", \.commands),
  ]

  /// In the text format of Prometheus; the last line says that it is complete.
  var prometheus: String {
    Self.metrics.map {
      "# HELP \($0.name) \($0.help)\n# TYPE \($0.name) counter\n\($0.name) \(self[keyPath: $0.field])\n"
    }
    .joined() + Self.end + "\n"
  }

  static let end = "# EOF"

  /// Reads lines of such a text; what is not in them is 0.
  init(prometheus lines: some Sequence<String>) {
    let values = lines.filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
    for metric in Self.metrics {
      self[keyPath: metric.field] =
        values.first { $0.first == metric.name[...] }.flatMap { $0.last }.flatMap { Int($0) } ?? 0
    }
  }

  var metadata: Logger.Metadata {
    [
      "transactions": "\(transactions)", "reads": "\(reads)", "watch-events": "\(watchEvents)",
      "object-writes": "\(objectWrites)", "object-reads": "\(objectReads)", "commands": "\(commands)",
    ]
  }

  static func + (left: Self, right: Self) -> Self { left.merging(right, +) }

  static func - (later: Self, earlier: Self) -> Self { later.merging(earlier, -) }

  private func merging(_ other: Self, _ merge: (Int, Int) -> Int) -> Self {
    var merged = self
    for metric in Self.metrics {
      merged[keyPath: metric.field] = merge(self[keyPath: metric.field], other[keyPath: metric.field])
    }
    return merged
  }
}
