import Model

/// Reads one queue from its head, a list at a time.
package struct QueueReader: Sendable {
  private let session: any CoordinationSession
  private let queue: NodePath
  /// Where claimers of this process agree on who removes an empty folder; `nil` leaves folders alone.
  private let hints: DispatchHints?
  private var spans: [String] = []
  private var parts: [String: [String]] = [:]
  /// How many entries the parts had that were read.
  package private(set) var counts: [NodePath: Int] = [:]
  /// How many parts and spans come after the one whose entries were read as the head.
  package private(set) var following = 0

  package init(session: any CoordinationSession, queue: NodePath, removingEmptyFoldersWith hints: DispatchHints? = nil)
  {
    self.session = session
    self.queue = queue
    self.hints = hints
  }

  /// Reads what spans there are.
  ///
  /// - Returns: whether there is such a queue.
  @discardableResult
  package mutating func open() async throws -> Bool {
    let found = try await session.settledChildren(of: queue)
    spans = found ?? []
    return found != nil
  }

  /// The entries of the first part that has any, of the spans that begin so; in order.
  package mutating func head(_ level: String = "") async throws -> [QueueEntry] {
    for (spansBefore, span) in spans.enumerated() where span.hasPrefix(level) {
      let parts = try await parts(of: span) ?? []
      for (partsBefore, part) in parts.enumerated() {
        let names = try await session.children(of: queue / span / part) ?? []
        counts[queue / span / part] = names.count
        following = parts.count - partsBefore + spans.count - spansBefore - 2
        if !names.isEmpty { return names.map { QueueEntry(queue: queue, span: span, part: part, name: $0) } }
        try await remove(part, of: span, isLast: part == parts.last)
      }
      if parts.isEmpty { try await hints?.removing(queue / span) { try await session.remove(queue / span) } }
    }
    return []
  }

  /// The parts of a span; `nil` when there is no such span.
  package mutating func parts(of span: String) async throws -> [String]? {
    if let known = parts[span] { return known }
    guard let found = try await session.settledChildren(of: queue / span) else { return nil }
    parts[span] = found
    return found
  }

  private func remove(_ part: String, of span: String, isLast: Bool) async throws {
    try await hints?.removing(queue / span / part) {
      guard isLast else {
        try await session.remove(queue / span / part)
        return
      }
      do {
        try await session.transaction([
          .delete(queue / span / part, expecting: nil), .delete(queue / span, expecting: nil),
        ])
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        // Somebody uses one of the two again, or has removed it.
        if error.changeIndex == 1 { try await session.remove(queue / span / part) }
      }
    }
  }
}
