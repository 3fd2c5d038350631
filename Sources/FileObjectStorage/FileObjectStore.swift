import GRDB
import Glibc
import LocalThreads
package import ObjectStorage

/// Objects as files in a folder and indexes in SQLite: for one machine. Several processes may share the folder; it
/// must be on a local file system that journals (ext4, XFS, Btrfs).
///
///     format              the version of this layout
///     objects/KEY@        an object
///     temporary/PID-…     an object that is being written
///     indexes.sqlite      all indexes
package final class FileObjectStore: ObjectStore {
  private let objects: ObjectFolder
  private let indexes: IndexDatabase
  private let objectQueue: BlockingQueue
  private let indexQueue: BlockingQueue

  /// Opens the store, setting it up where there is none.
  ///
  /// - Throws: ``ObjectStoreError``; `refused` when a newer program has set up the folder.
  package init(folder: String) async throws {
    objectQueue = BlockingQueue(label: "objects", width: 8)
    indexQueue = BlockingQueue(label: "indexes", width: 4)
    (objects, indexes) = try await Self.run(on: objectQueue, at: nil) { try Self.open(folder) }
  }

  package func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    try ObjectLimits.check(end: bytes.count, of: key)
    try await Self.run(on: objectQueue, at: key) { [objects] in try objects.put(bytes, at: key, condition) }
  }

  package func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    precondition(offset >= 0, "an offset is not negative")
    try ObjectLimits.check(end: offset + bytes.count, of: key)
    try await Self.run(on: objectQueue, at: key) { [objects] in try objects.write(bytes, at: key, offset: offset) }
  }

  package func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? {
    precondition(range.lowerBound >= 0, "an offset is not negative")
    return try await Self.run(on: objectQueue, at: key) { [objects] in try objects.read(key, range) }
  }

  package func stat(_ key: ObjectKey) async throws -> ObjectInfo? {
    try await Self.run(on: objectQueue, at: key) { [objects] in try objects.stat(key) }
  }

  package func delete(_ key: ObjectKey) async throws {
    try await Self.run(on: objectQueue, at: key) { [objects] in try objects.delete(key) }
  }

  package func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? {
    if StoreThreads.isCurrent { return try Self.translating(at: index) { try indexes.value(in: index, at: key) } }
    return try await Self.run(on: indexQueue, at: index) { [indexes] in try indexes.value(in: index, at: key) }
  }

  package func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    precondition((1...1_000).contains(limit), "a page has 1 to 1,000 entries")
    return try await Self.run(on: indexQueue, at: index) { [indexes] in
      try indexes.entries(in: index, after: after, limit: limit)
    }
  }

  package func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws {
    try ObjectLimits.check(changes, of: index)
    if changes.isEmpty { return }
    try await Self.run(on: indexQueue, at: index) { [indexes] in try indexes.update(index, changes) }
  }

  package func close() async {
    // What cannot be closed is closed by the end of the process; nothing is lost, as every update is durable.
    try? await indexQueue.run { [indexes] in try indexes.close() }
  }
}

extension FileObjectStore {
  /// Runs blocking work on a thread for it, and turns what it throws into the error of the store.
  private static func run<Value: Sendable>(
    on queue: BlockingQueue, at key: ObjectKey?, _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await queue.run { try translating(at: key, work) }
  }

  private static func translating<Value>(at key: ObjectKey?, _ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let error as SystemError {
      throw ObjectStoreError(error, at: key)
    } catch let error as DatabaseError {
      throw ObjectStoreError(error, at: key)
    }
  }

  private static func open(_ folder: String) throws -> (ObjectFolder, IndexDatabase) {
    try createFolder(folder)
    let root = try Descriptor(folder, flags: O_RDONLY | O_DIRECTORY)
    let format = try FolderFormat(in: root.number)
    try format.settle()
    for name in ["objects", TemporaryFile.folder] {
      guard unsafe mkdirat(root.number, name, 0o750) == 0 || errno == EEXIST else { throw SystemError("mkdir") }
    }
    try TemporaryFile.removeStale(in: root.number)
    let indexes = try IndexDatabase(path: "\(folder)/indexes.sqlite")
    try root.synchronize()
    // The lock on it ends here, and not after its last use.
    extendLifetime(format)
    return (ObjectFolder(root: root), indexes)
  }

  private static func createFolder(_ folder: String) throws(SystemError) {
    let components = folder.split(separator: "/")
    for count in 1...max(1, components.count) {
      let path = (folder.hasPrefix("/") ? "/" : "") + components.prefix(count).joined(separator: "/")
      guard unsafe mkdir(path, 0o750) == 0 || errno == EEXIST else { throw SystemError("mkdir") }
    }
  }
}
