package import Model

/// A pool's place among the others, and the seats that it takes, for the length of one session.
package struct PoolSession: Sendable {
  private let session: any CoordinationSession
  package let id: WorkerID

  package init(session: any CoordinationSession, host: String) {
    self.session = session
    id = WorkerID(host: host, session: session.id)
  }

  /// Announces the pool: from now on the others leave its share to it.
  ///
  /// - Throws: ``CoordinationError`` with `tooLarge` when there are as many pools as a list may have.
  package func join(_ record: PoolRecord) async throws {
    for path in [NodeMap.pools, NodeMap.scale, NodeMap.seats] { try await session.createAll(path) }
    if let count = try await session.read(NodeMap.pools)?.childCount, count >= NodeMap.bucketSize {
      throw CoordinationError(.tooLarge, path: NodeMap.pools, message: "\(count) pools run already")
    }
    try await session.commit([.create(NodeMap.pool(id), try JSONBytes.encode(record), .session)]) {
      try await session.read(NodeMap.pool(id)) != nil
    }
  }

  /// Takes the announcement back: the others take over, as seats come free.
  package func leave() async throws {
    do {
      try await session.commit([.delete(NodeMap.pool(id), expecting: nil)]) {
        try await session.read(NodeMap.pool(id)) == nil
      }
    } catch let error as CoordinationError where error.code == .noNode {
      return
    }
  }

  /// Takes a free seat.
  ///
  /// - Returns: `false` when somebody was quicker.
  package func take(_ seat: SeatID) async throws -> Bool {
    do {
      let data = try JSONBytes.encode(SeatRecord(pool: id))
      try await session.commit([.create(NodeMap.seat(seat), data, .session)]) {
        try await session.read(NodeMap.seat(seat))?.owner == session.id
      }
      return true
    } catch let error as CoordinationError where error.code == .nodeExists {
      return false
    } catch let error as CoordinationError where error.code == .noNode {
      try await session.createAll(NodeMap.seats(seat.queue))
      return try await take(seat)
    }
  }

  /// Gives up a seat that this session holds.
  package func giveUp(_ seat: SeatID) async throws {
    try await session.commit([.delete(NodeMap.seat(seat), expecting: nil)]) {
      try await session.read(NodeMap.seat(seat))?.owner != session.id
    }
  }

  /// The numbers of a class's seats that somebody holds.
  package func taken(_ queue: QueueClass) async throws -> Set<Int> {
    Set((try await session.children(of: NodeMap.seats(queue)) ?? []).compactMap { Int($0) })
  }

  /// The pools that are alive, by name.
  package static func all(_ session: any CoordinationSession) async throws -> [(WorkerID, PoolRecord)] {
    var pools: [(WorkerID, PoolRecord)] = []
    for name in try await session.children(of: NodeMap.pools) ?? [] {
      guard let node = try await session.read(NodeMap.pools / name) else { continue }
      pools.append((WorkerID(rawValue: name), try JSONBytes.decode(PoolRecord.self, from: node.data)))
    }
    return pools
  }
}
