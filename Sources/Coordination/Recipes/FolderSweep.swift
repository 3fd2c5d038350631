package import Model

/// Removes what classes of tickets leave behind that nobody asks for any more: empty folders of queues and idle lists, and
/// shares that are of no use. A class at each step, so that no step is long.
package struct FolderSweep: Sendable {
  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp
  private var step = 0
  private var emptySince: [NodePath: Timestamp] = [:]

  /// So long a folder must have been found empty whenever it was looked at: a class that is used now and then keeps it.
  package static let patience = Duration.seconds(300)
  /// So long after its finish tag a share is kept.
  package static let shareLifetime = Duration.seconds(3_600)

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// Sweeps the next class.
  package mutating func next() async throws {
    var classes: Set<QueueClass> = []
    for kind in TaskKind.allCases {
      for folder in [NodeMap.queues(kind), NodeMap.idle(kind), NodeMap.shares / kind.rawValue] {
        for name in try await session.children(of: folder) ?? [] {
          classes.insert(QueueClass(kind: kind, labels: NodeMap.labels(ofComponent: name)))
        }
      }
    }
    guard !classes.isEmpty else { return }
    try await sweep(classes.sorted()[step % classes.count])
    step += 1
  }

  private mutating func sweep(_ queue: QueueClass) async throws {
    if try await session.read(NodeMap.queue(queue))?.childCount ?? 0 == 0 { try await sweepShares(queue) }
    try await removeIfEmpty(NodeMap.queue(queue))
    for list in [NodeMap.idle(queue), NodeMap.shares(queue)] {
      for bucket in try await session.children(of: list) ?? [] { try await removeIfEmpty(list / bucket) }
      try await removeIfEmpty(list)
    }
  }

  /// Of a queue that is empty.
  private func sweepShares(_ queue: QueueClass) async throws {
    let time = now()
    for path in try await session.entries(inBucketsOf: NodeMap.shares(queue)) {
      guard let node = try await session.read(path) else { continue }
      let finish = FairShare.finish(node).map(Timestamp.init(milliseconds:)) ?? Timestamp(milliseconds: 0)
      if time.since(finish) > Self.shareLifetime { try await session.remove(path) }
    }
  }

  private mutating func removeIfEmpty(_ folder: NodePath) async throws {
    guard let node = try await session.read(folder), node.childCount == 0 else {
      emptySince[folder] = nil
      return
    }
    let time = now()
    let since = emptySince[folder, default: time]
    emptySince[folder] = since
    guard time.since(since) > Self.patience else { return }
    try await session.remove(folder)
    emptySince[folder] = nil
  }
}
