/// Objects by key, and ordered indexes: what lasts. Blobs larger than one object are a recipe on top, written once.
///
/// An operation that fails because the store could not be reached may have been done or not. All of them are safe to
/// repeat: the same bytes at the same place give the same object.
package protocol ObjectStore: Sendable {
  /// Stores the whole object at once: a reader sees all of it or none, also after a crash. When the call returns, it is
  /// durable.
  ///
  /// - Parameter bytes: at most ``ObjectLimits/objectSize``.
  /// - Throws: ``ObjectStoreError``; `alreadyExists` when `condition` is `.ifAbsent` and the object is there.
  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws

  /// Writes a stretch of an object that grows, creating it when it is not there. Bytes never written read as zero.
  ///
  /// - Parameter offset: the end of the stretch is at most ``ObjectLimits/objectSize``.
  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws

  /// The bytes of the object in the range, fewer where it is shorter; `nil` where there is no object.
  func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]?

  /// What is known of an object without reading it; `nil` where there is none.
  func stat(_ key: ObjectKey) async throws -> ObjectInfo?

  /// Deletes the object. Does nothing where there is none.
  func delete(_ key: ObjectKey) async throws

  /// The value under a key of an index; `nil` where there is none.
  func value(in index: ObjectKey, at key: String) async throws -> [UInt8]?

  /// Entries of an index in the order of their keys' bytes. An index that nobody has written is empty.
  ///
  /// - Parameters:
  ///   - after: only keys greater than this one; empty for all.
  ///   - limit: 1 to 1,000.
  func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry]

  /// Makes all the changes to the index or none of them. When the call returns, they are durable. Each change names
  /// another key, so that their order does not matter.
  ///
  /// - Throws: ``ObjectStoreError``; `conditionFailed` when the index does not hold what a change expects.
  func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws

  /// Lets go of the store. No other call may be under way or follow.
  func close() async
}

extension ObjectStore {
  package func put(_ bytes: [UInt8], at key: ObjectKey) async throws {
    try await put(bytes, at: key, .always)
  }

  /// The whole object; `nil` where there is none.
  package func read(_ key: ObjectKey) async throws -> [UInt8]? {
    try await read(key, 0..<ObjectLimits.objectSize)
  }
}

/// When an object may be put.
package enum PutCondition: Hashable, Sendable {
  case always
  case ifAbsent
}

package struct ObjectInfo: Hashable, Sendable {
  /// In bytes.
  package var size: Int

  package init(size: Int) {
    self.size = size
  }
}

/// What every backend refuses before anything is sent.
package enum ObjectLimits {
  /// Bytes of one object; also the size of the parts that a larger blob is cut into.
  package static let objectSize = 4 * 1024 * 1024
  /// Bytes of a key of an index.
  package static let indexKeySize = 512
  /// Bytes of a value of an index.
  package static let indexValueSize = 64 * 1024
  /// Changes of one update of an index.
  package static let indexChanges = 1_000
}
