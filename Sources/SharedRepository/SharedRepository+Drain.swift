import Coordination
package import Model

extension SharedRepository {
  /// Asks a worker to take no more tickets and to end when it has finished what it has. It learns so from its own node.
  ///
  /// - Parameter name: as ``WorkerView`` has it.
  /// - Returns: the worker as it is then.
  /// - Throws: ``RepositoryError`` with `notFound` when no such worker is alive.
  package func drain(_ name: String, by who: String) async throws -> WorkerView {
    guard NodePath.isComponent(name) else { throw RepositoryError.noWorker(name) }
    let worker = WorkerID(rawValue: name)
    while let node = try await session.read(NodeMap.worker(worker)) {
      var record = try JSONBytes.decode(WorkerRecord.self, from: node.data)
      guard !record.draining else { return try await view(of: worker, record) }
      record.draining = true
      record.drainedBy = who.bounded(to: Pause.longestName)
      do {
        try await session.write(NodeMap.worker(worker), try JSONBytes.encode(record), expecting: node.version)
        return try await view(of: worker, record)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
    throw RepositoryError.noWorker(name)
  }
}

extension RepositoryError {
  fileprivate static func noWorker(_ name: String) -> RepositoryError {
    RepositoryError(
      .notFound, "no worker \(name.bounded(to: 100)) is alive", remedy: "list the workers with 'distci worker list'")
  }
}
