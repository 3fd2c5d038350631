import Synchronization

/// How often an object store was used: figures that do not depend on how busy the machine is.
package struct ObjectCounts: Hashable, Sendable {
  /// Objects put or written to, and indexes updated.
  package var writes = 0
  package var reads = 0

  package static func - (later: Self, earlier: Self) -> Self {
    ObjectCounts(writes: later.writes - earlier.writes, reads: later.reads - earlier.reads)
  }

  package init(writes: Int = 0, reads: Int = 0) {
    self.writes = writes
    self.reads = reads
  }
}

/// A store that counts what is asked of another one.
package final class CountingObjectStore: ObjectStore {
  private let store: any ObjectStore
  private let counter = Mutex(ObjectCounts())

  package init(_ store: any ObjectStore) {
    self.store = store
  }

  package var counts: ObjectCounts { counter.withLock { $0 } }

  package func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    counter.withLock { $0.writes += 1 }
    try await store.put(bytes, at: key, condition)
  }

  package func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    counter.withLock { $0.writes += 1 }
    try await store.write(bytes, at: key, offset: offset)
  }

  package func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? {
    counter.withLock { $0.reads += 1 }
    return try await store.read(key, range)
  }

  package func stat(_ key: ObjectKey) async throws -> ObjectInfo? {
    counter.withLock { $0.reads += 1 }
    return try await store.stat(key)
  }

  package func delete(_ key: ObjectKey) async throws {
    counter.withLock { $0.writes += 1 }
    try await store.delete(key)
  }

  package func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? {
    counter.withLock { $0.reads += 1 }
    return try await store.value(in: index, at: key)
  }

  package func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    counter.withLock { $0.reads += 1 }
    return try await store.entries(in: index, after: after, limit: limit)
  }

  package func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws {
    counter.withLock { $0.writes += 1 }
    try await store.update(index, changes)
  }

  package func close() async { await store.close() }
}
