import Model

/// Which tickets nobody may take, because a label that they ask for is paused.
///
/// Nobody is left waiting when a pause ends. Who ends it writes that first, and then takes queued tickets to parked slots; a
/// poster reads the pauses once more after it has queued a ticket, and a slot after it has parked. So one of the two sees the
/// other, as with queues and idle lists themselves.
struct LabelPauses: Sendable {
  let session: any CoordinationSession

  /// Whether one of the labels is paused. Costs nothing where there are none, and one read where nothing is paused.
  func hold(_ labels: some Sequence<Label>) async throws -> Bool {
    var labels = labels.makeIterator()
    guard let first = labels.next() else { return false }
    guard let paused = try await session.settledChildren(of: NodeMap.labelPauses), !paused.isEmpty else { return false }
    var next: Label? = first
    while let label = next {
      if paused.contains(label.rawValue), try await isPaused(label) { return true }
      next = labels.next()
    }
    return false
  }

  private func isPaused(_ label: Label) async throws -> Bool {
    guard let node = try await session.read(NodeMap.pause(of: .label(label))) else { return false }
    return try !JSONBytes.decode(Pause.self, from: node.data).isEnding
  }
}
