import ObjectStorage
import Synchronization

/// A store that gives out the first part of a blob and then nothing, until its reader is cancelled.
final class StallingStore: ObjectStore {
  private let base: any ObjectStore
  private let stalled = Mutex(false)

  init(base: any ObjectStore) {
    self.base = base
  }

  var isStalled: Bool { stalled.withLock { $0 } }

  func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? {
    if key.string.hasSuffix("/1") {
      stalled.withLock { $0 = true }
      try await ContinuousClock().sleep(for: .seconds(3_600))
    }
    return try await base.read(key, range)
  }

  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    try await base.put(bytes, at: key, condition)
  }

  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    try await base.write(bytes, at: key, offset: offset)
  }

  func stat(_ key: ObjectKey) async throws -> ObjectInfo? { try await base.stat(key) }

  func delete(_ key: ObjectKey) async throws { try await base.delete(key) }

  func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? { try await base.value(in: index, at: key) }

  func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    try await base.entries(in: index, after: after, limit: limit)
  }

  func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws { try await base.update(index, changes) }

  func close() async {}
}
