import Model

/// A job's share of one queue: its finish tag, see ``TicketOrder``.
struct FairShare: Sendable {
  /// `nil` when the job has none.
  var finish: Int64?
  private let path: NodePath
  private let isStored: Bool
  private var isTaken = false

  /// Reads the share, creating the folder that it stands in on first use.
  init(session: any CoordinationSession, of job: JobName, in queue: QueueClass) async throws {
    path = NodeMap.share(of: job, in: queue)
    let node = try await session.read(path)
    finish = node.flatMap { Self.finish($0) }
    isStored = node != nil
    if node == nil, let folder = path.parent, try await session.read(folder) == nil {
      try await session.createAll(folder)
    }
  }

  static func finish(_ node: Node) -> Int64? { Int64(String(decoding: node.data, as: UTF8.self)) }

  /// The next ticket's tag.
  mutating func take(from start: Int64) -> Int64 {
    let tag = max(start, min(finish ?? start, start + TicketOrder.longestLag))
    finish = tag + 1
    isTaken = true
    return tag
  }

  var change: Change? {
    guard isTaken, let finish else { return nil }
    let data = Array(String(finish).utf8)
    return isStored ? .write(path, data, expecting: nil) : .create(path, data, .persistent)
  }
}
