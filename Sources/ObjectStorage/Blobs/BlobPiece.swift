/// A stretch of one of the objects that a blob is made of.
struct BlobPiece: Hashable, Sendable {
  let key: ObjectKey
  /// Within the object.
  let range: Range<Int>

  /// The pieces of a range of a blob whose parts are `KEY/0`, `KEY/1`…
  static func pieces(of key: ObjectKey, _ range: Range<Int>) -> [BlobPiece] {
    let partSize = ObjectLimits.objectSize
    let starts = stride(from: range.lowerBound / partSize * partSize, to: range.upperBound, by: partSize)
    return starts.map { start in
      let part = range.clamped(to: start..<start + partSize)
      return BlobPiece(
        key: key / "\(start / partSize)", range: part.lowerBound - start..<part.upperBound - start)
    }
  }

  /// - Throws: ``ObjectStoreError``; `damaged` when the object is shorter, or not there.
  func read(from store: any ObjectStore) async throws -> [UInt8] {
    let bytes = try await store.read(key, range) ?? []
    guard bytes.count == range.count else {
      throw ObjectStoreError.damaged(key, "\(bytes.count) bytes are there of \(range.count)")
    }
    return bytes
  }
}
