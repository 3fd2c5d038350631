import Dispatch
import Glibc
package import ObjectStorage

/// Objects in a pool of a Ceph cluster: for many machines. The pool is a replicated one.
///
/// An object has its key as its name, in the namespace of the store. An index is the omap of an object `index:KEY`; no
/// key of an object holds a colon.
///
/// An operation that took too long may have been made, and one that changes something may even be made later than its
/// repetition on another connection: what must not be overtaken is written under a condition.
package final class RadosObjectStore: ObjectStore {
  private let connection: Renewable<RadosPool>

  /// Connects to the cluster, for ten seconds at most.
  ///
  /// - Parameter url: `rados://POOL?conf=FILE&name=client.NAME`, with `&namespace=NAMESPACE` where several stores share
  ///   one pool.
  /// - Throws: ``ObjectStoreError``; `refused` when the address is malformed, or the pool or the client is unknown.
  package init(url: String) async throws {
    let address = try RadosAddress(url)
    let pool = try await Self.openPool(address)
    connection = Renewable(pool) {
      try await Self.openPool(address)
    } puttingAway: {
      await Self.close($0)
    } patience: {
      try? await Task.sleep(for: .seconds(1))
    }
  }

  package func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    try ObjectLimits.check(end: bytes.count, of: key)
    let operation = WriteOperation()
    operation.create(exclusively: condition == .ifAbsent)
    operation.writeFull(bytes)
    try await perform(operation, on: key.string, of: key, "writing")
  }

  package func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    precondition(offset >= 0, "an offset is not negative")
    try ObjectLimits.check(end: offset + bytes.count, of: key)
    let operation = WriteOperation()
    operation.create(exclusively: false)
    // Writing nothing behind the end would make the object longer.
    if !bytes.isEmpty { operation.write(bytes, offset: offset) }
    try await perform(operation, on: key.string, of: key, "writing")
  }

  package func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? {
    precondition(range.lowerBound >= 0, "an offset is not negative")
    let possible = range.clamped(to: 0..<ObjectLimits.objectSize)
    if possible.isEmpty { return try await stat(key).map { _ in [] } }
    let operation = BytesRead(possible)
    return try await perform(operation, on: key.string, of: key) ? operation.bytes : nil
  }

  package func stat(_ key: ObjectKey) async throws -> ObjectInfo? {
    let operation = SizeRead()
    return try await perform(operation, on: key.string, of: key) ? ObjectInfo(size: operation.size) : nil
  }

  package func delete(_ key: ObjectKey) async throws {
    let operation = WriteOperation()
    operation.remove()
    try await perform(operation, on: key.string, of: key, "deleting", allowingAbsent: true)
  }

  package func close() async {
    await connection.close()
  }
}

extension RadosObjectStore {
  package func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? {
    let operation = EntriesRead(at: StoredEntry.key(key))
    guard try await perform(operation, on: Self.name(of: index), of: index) else { return nil }
    return try operation.next().map { try StoredEntry.value(stored: $0.value, in: index) }
  }

  package func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    precondition((1...1_000).contains(limit), "a page has 1 to 1,000 entries")
    var entries: [IndexEntry] = []
    var last = StoredEntry.key(after)
    var hasMore = true
    // The cluster may send fewer than asked for: it bounds the bytes of an answer.
    while hasMore && entries.count < limit {
      let operation = EntriesRead(after: last, limit: limit - entries.count)
      guard try await perform(operation, on: Self.name(of: index), of: index) else { return entries }
      let before = entries.count
      while let (key, value) = operation.next() {
        entries.append(
          IndexEntry(key: StoredEntry.key(stored: key), value: try StoredEntry.value(stored: value, in: index)))
        last = key
      }
      hasMore = operation.hasMore && entries.count > before
    }
    return entries
  }

  package func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws {
    try ObjectLimits.check(changes, of: index)
    if changes.isEmpty { return }
    let operation = WriteOperation()
    // An index that is not there fails every comparison, also with what is absent.
    operation.create(exclusively: false)
    for change in changes {
      switch change.expecting {
      case .anything: break
      case .absent: operation.compare(StoredEntry.key(change.key), with: [])
      case .value(let value): operation.compare(StoredEntry.key(change.key), with: StoredEntry.value(value))
      }
    }
    let entries = changes.compactMap { change in
      change.value.map { (key: StoredEntry.key(change.key), value: StoredEntry.value($0)) }
    }
    if !entries.isEmpty { operation.set(entries) }
    let removed = changes.filter { $0.value == nil }.map { StoredEntry.key($0.key) }
    if !removed.isEmpty { operation.removeEntries(removed) }
    try await perform(operation, on: Self.name(of: index), of: index, "updating the index")
  }

  private static func name(of index: ObjectKey) -> String { "index:\(index.string)" }
}

extension RadosObjectStore {
  private func perform(
    _ operation: WriteOperation, on name: String, of key: ObjectKey, _ action: StaticString,
    allowingAbsent: Bool = false
  ) async throws {
    do {
      try await withPool { try await $0.perform(operation, on: name, action) }
    } catch let error as RadosError {
      if allowingAbsent && error.isAbsence { return }
      throw ObjectStoreError(error, at: key)
    }
  }

  private func perform(_ operation: any ReadOperation, on name: String, of key: ObjectKey) async throws -> Bool {
    do {
      return try await withPool { try await $0.perform(operation, on: name, "reading") }
    } catch let error as RadosError {
      throw ObjectStoreError(error, at: key)
    }
  }

  /// A connection on which an operation took too long is not used again. What it was to do is for the caller to repeat.
  private func withPool<Value>(_ body: (RadosPool) async throws -> Value) async throws -> Value {
    while true {
      let pool = await connection.current
      do {
        return try await body(pool)
      } catch let error as RadosError where error.suspectsConnection {
        connection.suspect(pool)
        throw error
      } catch is PoolClosed {
        // It was replaced just before the operation could begin, or the store is closed.
        guard await connection.current !== pool else {
          throw RadosError(action: "using a store that is closed", code: -ESHUTDOWN)
        }
      }
    }
  }

  private static func openPool(_ address: RadosAddress) async throws(ObjectStoreError) -> RadosPool {
    do {
      return try await blocking { () throws(RadosError) in try RadosPool(address) }
    } catch {
      throw ObjectStoreError(error, at: nil)
    }
  }

  private static func close(_ pool: RadosPool) async {
    await pool.drain()
    await blocking { pool.close() }
  }

  /// Connecting and disconnecting block for long.
  private static func blocking<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
      DispatchQueue(label: "rados").async {
        continuation.resume(returning: Result { () throws(Failure) in try work() })
      }
    }
    return try result.get()
  }
}
