package import Model

/// When workers of a kind, and with a label, were seen last: written when one leaves or is found lost, and never besides. Good
/// for people to read; nothing is decided by it.
package struct Sightings: Sendable {
  private let session: any CoordinationSession

  package init(session: any CoordinationSession) {
    self.session = session
  }

  /// Notes that a worker was there until now. What cannot be noted is not missed.
  package func note(_ record: WorkerRecord, at time: Timestamp) async throws {
    for kind in record.slots.keys.compactMap({ TaskKind(rawValue: $0) }) {
      try await note(NodeMap.sighting(kind), at: time)
      for label in record.labels { try await note(NodeMap.sighting(kind, label), at: time) }
    }
  }

  /// When a worker that offered a label, or any of its kind, was seen last; `nil` when none is remembered.
  package func last(_ kind: TaskKind, _ label: Label?) async throws -> Timestamp? {
    let path = label.map { NodeMap.sighting(kind, $0) } ?? NodeMap.sighting(kind)
    guard let node = try await session.read(path) else { return nil }
    return Int64(String(decoding: node.data, as: UTF8.self)).map { Timestamp(milliseconds: $0) }
  }

  private func note(_ path: NodePath, at time: Timestamp) async throws {
    let data = Array(String(time.milliseconds).utf8)
    do {
      try await session.write(path, data)
    } catch let error as CoordinationError where error.code == .noNode {
      try await create(path, data)
    } catch let error as CoordinationError where error.code == .outcomeUnknown {
      return
    }
  }

  private func create(_ path: NodePath, _ data: [UInt8]) async throws {
    guard let folder = path.parent else { return }
    if folder == NodeMap.sightings {
      try await session.createAll(folder)
    } else if let node = try await session.read(folder), node.childCount >= NodeMap.bucketSize {
      // Labels that come and go, such as names of machines: who is seen again is written again.
      for name in try await session.children(of: folder) ?? [] { try? await session.delete(folder / name) }
    }
    do {
      try await session.create(path, data)
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return
    }
  }
}
