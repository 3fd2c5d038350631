/// A blob that exists. It does not change; reading it fails once it is deleted.
package struct Blob: Sendable {
  /// Bytes that opening reads, manifest included: one read gives all of a blob that is smaller.
  static let headSize = 64 * 1024

  package let info: BlobInfo
  private let store: any ObjectStore
  private let key: ObjectKey
  private let isInline: Bool
  private let head: [UInt8]

  init(store: any ObjectStore, key: ObjectKey, manifest: BlobManifest, head: [UInt8]) {
    self.info = manifest.info
    self.store = store
    self.key = key
    self.isInline = manifest.isInline
    self.head = head
  }

  package var size: Int { info.size }

  /// The whole blob. Its SHA-256 is verified before the last chunk is given out.
  package func read() -> BlobChunks { read(0..<size) }

  /// The bytes in the range, in chunks of 4 MiB at most; fewer where the blob ends. Iterating throws
  /// ``ObjectStoreError``; `damaged` when a part is not as long as it was written.
  package func read(_ range: Range<Int>) -> BlobChunks {
    let range = range.clamped(to: 0..<size)
    let digest = range == 0..<size ? info.sha256 : nil
    if range.upperBound <= head.count {
      return BlobChunks(store: store, key: key, first: Array(head[range]), pieces: [], digest: digest)
    }
    return BlobChunks(store: store, key: key, first: [], pieces: pieces(range), digest: digest)
  }

  private func pieces(_ range: Range<Int>) -> [BlobPiece] {
    guard isInline else { return BlobPiece.pieces(of: key, range) }
    let offset = BlobManifest.size
    return [BlobPiece(key: key, range: range.lowerBound + offset..<range.upperBound + offset)]
  }
}
