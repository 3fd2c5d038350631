import ObjectStorage
import Synchronization

/// A store whose process dies after so many writes: all that it is asked then fails.
final class FailingObjects: ObjectStore {
  struct Dead: Error {}

  private let store: any ObjectStore
  private let left: Mutex<Int>

  init(_ store: any ObjectStore, after writes: Int) {
    self.store = store
    left = Mutex(writes)
  }

  private func write() throws {
    try left.withLock { left in
      guard left > 0 else { throw Dead() }
      left -= 1
    }
  }

  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    try write()
    try await store.put(bytes, at: key, condition)
  }

  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    try write()
    try await store.write(bytes, at: key, offset: offset)
  }

  func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? { try await store.read(key, range) }

  func stat(_ key: ObjectKey) async throws -> ObjectInfo? { try await store.stat(key) }

  func delete(_ key: ObjectKey) async throws {
    try write()
    try await store.delete(key)
  }

  func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? {
    try await store.value(in: index, at: key)
  }

  func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    try await store.entries(in: index, after: after, limit: limit)
  }

  func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws {
    try write()
    try await store.update(index, changes)
  }

  func close() async {}
}
