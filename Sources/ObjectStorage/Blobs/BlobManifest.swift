/// The head of the object that makes a blob exist. The bytes of a small blob follow it in the same object; those of a
/// larger one are in parts.
///
///     0   4  "DCIB"
///     4   1  version, 1
///     5   1  1 when the bytes follow, 2 when they are in parts
///     6   2  zero
///     8   8  size of the blob, little-endian
///     16  32 SHA-256 of the blob
///     48  16 the first half of the SHA-256 of all above
struct BlobManifest: Hashable, Sendable {
  static let size = 64
  /// Bytes of the largest blob that is one object.
  static let inlineLimit = ObjectLimits.objectSize - size

  private static let magic = Array("DCIB".utf8) + [1]

  let info: BlobInfo
  let isInline: Bool

  /// How many parts the blob has beside this object.
  var partCount: Int { isInline ? 0 : (info.size - 1) / ObjectLimits.objectSize + 1 }

  init(info: BlobInfo, isInline: Bool) {
    self.info = info
    self.isInline = isInline
  }

  var encoded: [UInt8] {
    var bytes = Self.magic + [isInline ? 1 : 2, 0, 0]
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: info.size >> shift)) }
    bytes += info.sha256.bytes
    return bytes + Self.checksum(of: bytes)
  }

  /// - Parameter object: what is stored, at least the head of it.
  /// - Returns: `nil` when it is not what ``encoded`` gives.
  init?(_ object: [UInt8]) {
    guard object.count >= Self.size else { return nil }
    let head = Array(object[..<48])
    guard Array(object[48..<Self.size]) == Self.checksum(of: head), Array(head[..<5]) == Self.magic,
      let sha256 = ContentDigest(bytes: Array(head[16..<48])), (1...2).contains(head[5])
    else { return nil }
    let size = head[8..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
    self.init(info: BlobInfo(size: size, sha256: sha256), isInline: head[5] == 1)
    guard size >= (isInline ? 0 : 1), !isInline || size <= Self.inlineLimit else { return nil }
  }

  private static func checksum(of bytes: [UInt8]) -> [UInt8] {
    Array(ContentDigest(of: bytes).bytes.prefix(16))
  }
}
