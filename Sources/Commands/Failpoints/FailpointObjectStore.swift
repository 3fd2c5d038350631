import Execution
import ObjectStorage

/// An object store with failpoints around every operation.
struct FailpointObjectStore: ObjectStore {
  let store: any ObjectStore
  let failpoints: Failpoints

  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    try await failpoints.around("put \(SitePattern.of(key))") { try await store.put(bytes, at: key, condition) }
  }

  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    try await failpoints.around("write \(SitePattern.of(key))") {
      try await store.write(bytes, at: key, offset: offset)
    }
  }

  func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? {
    try await failpoints.around("get \(SitePattern.of(key))") { try await store.read(key, range) }
  }

  func stat(_ key: ObjectKey) async throws -> ObjectInfo? {
    try await failpoints.around("stat \(SitePattern.of(key))") { try await store.stat(key) }
  }

  func delete(_ key: ObjectKey) async throws {
    try await failpoints.around("delete \(SitePattern.of(key))") { try await store.delete(key) }
  }

  func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? {
    try await failpoints.around("value \(SitePattern.of(index))") { try await store.value(in: index, at: key) }
  }

  func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    try await failpoints.around("entries \(SitePattern.of(index))") {
      try await store.entries(in: index, after: after, limit: limit)
    }
  }

  func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws {
    try await failpoints.around("update \(SitePattern.of(index))") { try await store.update(index, changes) }
  }

  func close() async {
    failpoints.pass("close objects", .before)
    await store.close()
    failpoints.pass("close objects", .after)
  }
}
