import ObjectStorage
import SharedRepository

/// An object store between the product and the simulated one, through which the product behaves as if it had a bug.
struct MutatedObjects: ObjectStore {
  let store: any ObjectStore
  let mutant: Mutant

  func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws {
    let isHistory = index.string.hasPrefix("indexes/builds/")
    switch mutant {
    case .historyUnwritten where isHistory: return
    case .historyUnguarded where isHistory:
      try await store.update(index, changes.map { IndexChange(key: $0.key, value: $0.value) })
    default: try await store.update(index, changes)
    }
  }

  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    try await store.put(bytes, at: key, condition)
  }

  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    try await store.write(bytes, at: key, offset: offset)
  }

  func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? { try await store.read(key, range) }

  func stat(_ key: ObjectKey) async throws -> ObjectInfo? { try await store.stat(key) }

  func delete(_ key: ObjectKey) async throws { try await store.delete(key) }

  func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? { try await store.value(in: index, at: key) }

  func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    try await store.entries(in: index, after: after, limit: limit)
  }

  func close() async { await store.close() }
}
