import Crypto

/// A stretch of a blob as a sequence of chunks. Three objects are read ahead of the one that is given out.
package struct BlobChunks: AsyncSequence, Sendable {
  package typealias Element = [UInt8]

  private let store: any ObjectStore
  private let key: ObjectKey
  private let first: [UInt8]
  private let pieces: [BlobPiece]
  private let digest: ContentDigest?

  /// - Parameters:
  ///   - first: bytes that are known already.
  ///   - pieces: what comes after them.
  ///   - digest: of all that is read; `nil` when that is not the whole blob.
  init(store: any ObjectStore, key: ObjectKey, first: [UInt8], pieces: [BlobPiece], digest: ContentDigest?) {
    self.store = store
    self.key = key
    self.first = first
    self.pieces = pieces
    self.digest = digest
  }

  package func makeAsyncIterator() -> Iterator {
    Iterator(key: key, first: first, ahead: ReadAhead(pieces, from: store), digest: digest)
  }

  package struct Iterator: AsyncIteratorProtocol {
    private let key: ObjectKey
    private var first: [UInt8]
    private let ahead: ReadAhead
    private let digest: ContentDigest?
    private var hash = SHA256()
    private var isVerified = false

    init(key: ObjectKey, first: [UInt8], ahead: ReadAhead, digest: ContentDigest?) {
      self.key = key
      self.first = first
      self.ahead = ahead
      self.digest = digest
    }

    package mutating func next() async throws -> [UInt8]? {
      let chunk = try await nextChunk()
      if let digest, !isVerified {
        hash.update(data: chunk ?? [])
        // Before the last chunk is given out: who has got all the bytes has got the right ones.
        if ahead.isEmpty { try verify(digest) }
      }
      return chunk
    }

    private mutating func nextChunk() async throws -> [UInt8]? {
      if first.isEmpty { return try await ahead.next() }
      defer { first = [] }
      return first
    }

    private mutating func verify(_ digest: ContentDigest) throws(ObjectStoreError) {
      guard ContentDigest(hash) == digest else {
        throw ObjectStoreError.damaged(key, "the bytes do not have the SHA-256 that was written")
      }
      isVerified = true
    }
  }
}
