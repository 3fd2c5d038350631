/// A blob that grows at its end and is read meanwhile, as a log is: parts `KEY/0`, `KEY/1`… without a manifest. It has
/// one writer. Its length, once it is final, is for the caller to keep.
package struct GrowingBlob: Sendable {
  package let key: ObjectKey
  /// In bytes: what is durable.
  package private(set) var length: Int
  private let store: any ObjectStore

  /// - Parameter length: where to go on; bytes from there on that an earlier writer may have left are overwritten.
  package init(store: any ObjectStore, key: ObjectKey, length: Int = 0) {
    precondition(length >= 0, "a length is not negative")
    self.store = store
    self.key = key
    self.length = length
  }

  /// Writes the bytes at the end. When the call returns, they are durable. When it fails, ``length`` counts those that
  /// are; the rest may be appended again.
  ///
  /// - Throws: ``ObjectStoreError``.
  package mutating func append(_ bytes: [UInt8]) async throws {
    var rest = bytes[...]
    // One after the other: a part may only be there when all before it are full.
    for piece in BlobPiece.pieces(of: key, length..<length + bytes.count) {
      try await store.write(Array(rest.prefix(piece.range.count)), at: piece.key, offset: piece.range.lowerBound)
      rest = rest.dropFirst(piece.range.count)
      length += piece.range.count
    }
  }
}
