/// Reads a ``GrowingBlob``, also while it grows.
package struct GrowingBlobReader: Sendable {
  private let store: any ObjectStore
  private let key: ObjectKey

  package init(store: any ObjectStore, key: ObjectKey) {
    self.store = store
    self.key = key
  }

  /// How many bytes are there now; zero where there is nothing.
  ///
  /// - Parameter known: a length that it had at some time. Saves looking at the parts before it.
  /// - Throws: ``ObjectStoreError``.
  package func currentLength(from known: Int = 0) async throws -> Int {
    var number = known / ObjectLimits.objectSize
    while let part = try await store.stat(key / "\(number)") {
      if part.size < ObjectLimits.objectSize { return number * ObjectLimits.objectSize + part.size }
      number += 1
    }
    return number * ObjectLimits.objectSize
  }

  /// The bytes in the range, in chunks of 4 MiB at most. Iterating throws ``ObjectStoreError``; `damaged` when they are
  /// not all there: keep the range below the ``currentLength(from:)`` or the final length.
  package func read(_ range: Range<Int>) -> BlobChunks {
    BlobChunks(store: store, key: key, first: [], pieces: BlobPiece.pieces(of: key, range), digest: nil)
  }

  /// Deletes all of it. Nobody may append meanwhile.
  package func delete() async throws {
    let length = try await currentLength()
    // From the last one, so that what is left when this is interrupted is found again.
    for piece in BlobPiece.pieces(of: key, 0..<length).reversed() { try await store.delete(piece.key) }
    // A part that is there and empty has no length.
    try await store.delete(key / "\(length / ObjectLimits.objectSize)")
  }
}
