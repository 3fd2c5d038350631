import Synchronization

/// Tells when workers come and go: through a watch on each list of those who have slots, which outlive them, and one on each of
/// those workers.
///
/// A watch on the list of those who are alive would not do: one who comes and dies before the list is read leaves it as it was.
package struct WorkerChanges: Sendable {
  private let session: any CoordinationSession

  package init(session: any CoordinationSession) {
    self.session = session
  }

  /// Calls the body with the name of a bucket, once for each that is there and whenever one has changed since; one call at
  /// a time. Goes on until it is cancelled or the session ends.
  package func forEach(_ body: @escaping @Sendable (_ bucket: String) async throws -> Void) async throws {
    let pending = Pending()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in pending.signal { for bucket in pending.take() { try await body(bucket) } }
      }
      group.addTask { try await watch(pending) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func watch(_ pending: Pending) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      var watched: Set<String> = []
      for try await buckets in session.watchChildren(of: NodeMap.slots) {
        for bucket in buckets ?? [] where watched.insert(bucket).inserted {
          // Buckets are never removed, so neither are their watches.
          group.addTask { try await watch(bucket, pending) }
        }
      }
    }
  }

  private func watch(_ bucket: String, _ pending: Pending) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      var known: Set<String> = []
      for try await names in session.watchChildren(of: NodeMap.slots / bucket) {
        pending.add(bucket)
        let present = Set(names ?? [])
        for name in present.subtracting(known) {
          group.addTask {
            let worker = NodeMap.worker(WorkerID(rawValue: name))
            for try await node in session.watch(worker) where node == nil { break }
            pending.add(bucket)
          }
        }
        known = present
      }
    }
  }
}

/// Buckets that have changed and were not looked at yet, each once.
private final class Pending: Sendable {
  let signal: AsyncStream<Void>
  private let feed: AsyncStream<Void>.Continuation
  private let buckets = Mutex<Set<String>>([])

  init() {
    (signal, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  func add(_ bucket: String) {
    buckets.withLock { _ = $0.insert(bucket) }
    feed.yield()
  }

  func take() -> [String] {
    buckets.withLock { buckets in
      defer { buckets = [] }
      return buckets.sorted()
    }
  }
}
