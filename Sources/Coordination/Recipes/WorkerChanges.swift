/// Tells when workers come and go, through one watch for each bucket of their list.
package struct WorkerChanges: Sendable {
  private let session: any CoordinationSession

  package init(session: any CoordinationSession) {
    self.session = session
  }

  /// Calls the body with the name of a bucket, once for each that is there and whenever one has changed since; one call at
  /// a time. Who has come and gone before the list was read counts as a change. Goes on until it is cancelled, the session ends,
  /// or a list cannot be watched.
  package func forEach(_ body: @escaping @Sendable (_ bucket: String) async throws -> Void) async throws {
    let pending = PendingBuckets()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await _ in pending.signal { for bucket in pending.take() { try await body(bucket) } }
      }
      group.addTask { try await watch(pending) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func watch(_ pending: PendingBuckets) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var watched: Set<String> = []
      for try await buckets in session.watchChildren(of: NodeMap.workers) {
        for bucket in buckets ?? [] where watched.insert(bucket).inserted {
          // Buckets are never removed, so neither are their watches.
          group.addTask {
            do {
              for try await _ in session.watchChildren(of: NodeMap.workers / bucket) { pending.add(bucket) }
            } catch {
              // Thrown from here it would be heard of when the list of buckets has ended.
              pending.fail(error)
            }
          }
        }
      }
      for try await _ in group {}
    }
  }
}
