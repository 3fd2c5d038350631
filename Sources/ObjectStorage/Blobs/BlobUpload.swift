import Crypto

/// Cuts the bytes of a blob into parts, and knows in the end what its manifest says.
struct BlobUpload {
  struct Part: Sendable {
    let number: Int
    let key: ObjectKey
    let bytes: [UInt8]
  }

  /// How many parts are written at once: enough to keep three replicas busy, few enough to bound memory.
  static let window = 4

  private let key: ObjectKey
  private var hash = SHA256()
  private var size = 0
  private var partCount = 0
  /// Less than a part.
  private var rest: [UInt8] = []

  init(key: ObjectKey) {
    self.key = key
  }

  /// - Returns: the parts that have become full.
  mutating func append(_ chunk: [UInt8]) -> [Part] {
    hash.update(data: chunk)
    size += chunk.count
    var parts: [Part] = []
    var chunk = chunk[...]
    while !chunk.isEmpty {
      let taken = chunk.prefix(ObjectLimits.objectSize - rest.count)
      rest += taken
      chunk = chunk.dropFirst(taken.count)
      if rest.count == ObjectLimits.objectSize { parts.append(takePart()) }
    }
    return parts
  }

  var info: BlobInfo { BlobInfo(size: size, sha256: ContentDigest(hash)) }

  /// - Returns: the object that makes the blob exist, and the part to be written before it.
  mutating func finish() -> (manifest: [UInt8], last: Part?) {
    let isInline = partCount == 0 && rest.count <= BlobManifest.inlineLimit
    let manifest = BlobManifest(info: info, isInline: isInline).encoded
    if isInline { return (manifest + rest, nil) }
    return (manifest, rest.isEmpty ? nil : takePart())
  }

  private mutating func takePart() -> Part {
    let part = Part(number: partCount, key: key / "\(partCount)", bytes: rest)
    partCount += 1
    rest = []
    return part
  }
}
