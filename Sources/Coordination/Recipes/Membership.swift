package import Model

/// A worker process's place among the others.
package struct Membership: Sendable {
  private let session: any CoordinationSession
  package let worker: WorkerID

  package init(session: any CoordinationSession, host: String) {
    self.session = session
    worker = WorkerID(host: host, session: session.id)
  }

  /// Announces the worker and creates its slots, free and not parked yet, at version 0.
  ///
  /// - Throws: ``CoordinationError`` with `tooLarge` when the worker has more slots than a list may have names, or when so
  ///   many workers are there that its place in their list is full.
  package func join(_ record: WorkerRecord, slots: Int) async throws {
    try await checkRoom(slots)
    let nodes = (0..<slots).map { Change.create(NodeMap.slot(SlotID(worker: worker, number: $0)), [], .persistent) }
    let data = try JSONBytes.encode(record)
    let announcement: [Change] = [
      .create(NodeMap.worker(worker), data, .session),
      // For those who find the worker lost, when its announcement is gone with it.
      .create(NodeMap.slots(of: worker), data, .persistent),
    ]
    try await session.commit(announcement) { try await session.read(NodeMap.worker(worker)) != nil }
    for start in stride(from: 0, to: nodes.count, by: 500) {
      let some = Array(nodes[start..<min(start + 500, nodes.count)])
      try await session.commit(some) { try await session.read(some[0].path) != nil }
    }
  }

  private func checkRoom(_ slots: Int) async throws {
    guard slots <= NodeMap.bucketSize else {
      throw CoordinationError(
        .tooLarge, message: "a worker of \(slots) slots; it may have \(NodeMap.bucketSize): start another one")
    }
    for bucket in [NodeMap.worker(worker).parent, NodeMap.slots(of: worker).parent].compactMap({ $0 }) {
      try await session.createAll(bucket)
      guard let node = try await session.read(bucket), node.childCount >= NodeMap.bucketSize else { continue }
      throw CoordinationError(
        .tooLarge, path: bucket, message: "there are \(node.childCount) workers in this list already: start fewer")
    }
  }

  /// What the others see of the worker; `nil` when it is not announced.
  package func record() async throws -> WorkerRecord? {
    try await session.read(NodeMap.worker(worker)).map { try JSONBytes.decode(WorkerRecord.self, from: $0.data) }
  }

  /// Tells the others what has changed about the worker.
  package func update(_ record: WorkerRecord) async throws {
    let data = try JSONBytes.encode(record)
    try await session.commit([.write(NodeMap.worker(worker), data, expecting: nil)]) {
      try await session.read(NodeMap.worker(worker))?.data == data
    }
  }

  /// Removes the worker's free slots and its announcement, and notes that it was there. Slots that still hold a ticket are
  /// left to recovery.
  package func leave(at time: Timestamp) async throws {
    let record = try await record()
    for name in try await session.children(of: NodeMap.slots(of: worker)) ?? [] {
      let path = NodeMap.slots(of: worker) / name
      guard let node = try await session.read(path), node.data.isEmpty else { continue }
      try? await session.delete(path, expecting: node.version)
    }
    try? await session.delete(NodeMap.slots(of: worker))
    try? await session.delete(NodeMap.worker(worker))
    if let record { try await Sightings(session: session).note(record, at: time) }
  }

  /// Removes the announcement of a worker that is known to be dead, before its session ends. To be recovered then.
  package static func bury(_ worker: WorkerID, _ session: any CoordinationSession) async throws {
    do {
      try await session.commit([.delete(NodeMap.worker(worker), expecting: nil)]) {
        try await session.read(NodeMap.worker(worker)) == nil
      }
    } catch let error as CoordinationError where error.code == .noNode {
      return
    }
  }

  /// All workers that are alive, by name.
  package static func workers(_ session: any CoordinationSession) async throws -> [(WorkerID, WorkerRecord)] {
    var workers: [(WorkerID, WorkerRecord)] = []
    for path in try await session.entries(inBucketsOf: NodeMap.workers) {
      guard let node = try await session.read(path) else { continue }
      workers.append((WorkerID(rawValue: path.name), try JSONBytes.decode(WorkerRecord.self, from: node.data)))
    }
    return workers.sorted { $0.0 < $1.0 }
  }
}
