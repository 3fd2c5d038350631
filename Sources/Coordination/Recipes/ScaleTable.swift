package import Model

/// The numbers of slots that are wanted.
package struct ScaleTable: Sendable {
  /// An entry, at the version at which it was read.
  package struct Entry: Hashable, Sendable {
    package var queue: QueueClass
    package var record: ScaleRecord
    package var version: Int
  }

  private let session: any CoordinationSession

  package init(session: any CoordinationSession) {
    self.session = session
  }

  /// All entries, in the order of their classes.
  package func entries() async throws -> [Entry] {
    var entries: [Entry] = []
    for kind in TaskKind.allCases {
      for name in try await session.children(of: NodeMap.scale(kind)) ?? [] {
        if let entry = try await entry(QueueClass(kind: kind, labels: NodeMap.labels(ofComponent: name))) {
          entries.append(entry)
        }
      }
    }
    return entries
  }

  package func entry(_ queue: QueueClass) async throws -> Entry? {
    guard let node = try await session.read(NodeMap.scale(queue)) else { return nil }
    return Entry(
      queue: queue, record: try JSONBytes.decode(ScaleRecord.self, from: node.data), version: node.version)
  }

  /// Sets a class to a number, or to limits within which its present number is kept. Zero for good removes the entry.
  ///
  /// - Throws: ``CoordinationError`` with `tooLarge` when there are as many classes of the kind as a list may have.
  package func set(_ queue: QueueClass, to setting: ScaleRequest.Setting) async throws -> ScaleRecord {
    while true {
      let entry = try await entry(queue)
      let record = record(setting, before: entry?.record)
      if entry?.record == record { return record }
      do {
        switch entry {
        case let entry? where record == ScaleRecord(wanted: 0):
          try await commit(.delete(NodeMap.scale(queue), expecting: entry.version), of: queue)
        case let entry?: return try await replace(entry, by: record)
        case nil where record == ScaleRecord(wanted: 0): break
        case nil:
          try await makeRoom(for: queue)
          try await commit(
            .create(NodeMap.scale(queue), try JSONBytes.encode(record), .persistent), of: queue)
        }
        return record
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        // The setting says what shall be, not what shall change: it may be made again.
        continue
      }
    }
  }

  /// Replaces an entry that is still as it was read.
  ///
  /// - Throws: ``CoordinationError`` with `badVersion` or `noNode` when it is not, and with `outcomeUnknown`.
  @discardableResult
  package func replace(_ entry: Entry, by record: ScaleRecord) async throws -> ScaleRecord {
    let data = try JSONBytes.encode(record)
    try await commit(.write(NodeMap.scale(entry.queue), data, expecting: entry.version), of: entry.queue)
    return record
  }

  /// Makes the change, and tells those who watch the table by a write to its root, which is the one node that they watch.
  private func commit(_ change: Change, of queue: QueueClass) async throws {
    try await session.transaction([change, .write(NodeMap.scale, [], expecting: nil)])
  }

  private func record(_ setting: ScaleRequest.Setting, before: ScaleRecord?) -> ScaleRecord {
    switch setting {
    case .fixed(let number): ScaleRecord(wanted: number)
    case .automatic(let limits):
      ScaleRecord(wanted: min(max(before?.wanted ?? 0, limits.min), limits.max), automatic: limits)
    }
  }

  private func makeRoom(for queue: QueueClass) async throws {
    let path = NodeMap.scale(queue.kind)
    try await session.createAll(path)
    if let count = try await session.read(path)?.childCount, count >= NodeMap.bucketSize {
      throw CoordinationError(
        .tooLarge, path: path, message: "\(count) classes of slots are scaled already; set some of them to 0")
    }
  }
}
