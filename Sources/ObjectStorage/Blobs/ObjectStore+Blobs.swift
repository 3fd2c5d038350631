/// Blobs: bytes of any length under a key, seen whole or not at all. A small blob is one object. A larger one is cut in
/// parts `KEY/0`, `KEY/1`… which are written in parallel, and a manifest at `KEY`, which is written last: what has no
/// manifest does not exist.
extension ObjectStore {
  /// Stores a blob. No two writers may have the same key: give each attempt a key of its own.
  ///
  /// Keeps five parts in memory at most. What was written stays when it fails; ``deleteBlob(_:)`` removes it.
  ///
  /// - Parameters:
  ///   - key: at most 980 bytes.
  ///   - chunks: the bytes, in pieces of any size.
  /// - Throws: ``ObjectStoreError``; `alreadyExists` when the key has a blob, which may be this one when an earlier call
  ///   failed with `unavailable`. What `chunks` throws.
  package func putBlob<Chunks: AsyncSequence>(
    _ key: ObjectKey, from chunks: Chunks
  ) async throws -> BlobInfo where Chunks.Element == [UInt8] {
    var upload = BlobUpload(key: key)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for try await chunk in chunks {
        for part in upload.append(chunk) {
          // Parts of a blob that exists must not be touched.
          if part.number == 0, try await stat(key) != nil { throw ObjectStoreError(.alreadyExists, key: key) }
          if part.number >= BlobUpload.window { try await group.next() }
          group.addTask { try await put(part.bytes, at: part.key) }
        }
      }
      let (manifest, last) = upload.finish()
      if let last { group.addTask { try await put(last.bytes, at: last.key) } }
      try await group.waitForAll()
      try await put(manifest, at: key, .ifAbsent)
      return upload.info
    }
  }

  /// The blob at the key; `nil` where there is none.
  ///
  /// - Throws: ``ObjectStoreError``; `damaged` when the manifest is not what was written.
  package func openBlob(_ key: ObjectKey) async throws -> Blob? {
    guard let head = try await read(key, 0..<Blob.headSize) else { return nil }
    guard let manifest = BlobManifest(head), manifest.expectedHeadSize == head.count else {
      throw ObjectStoreError.damaged(key, "the manifest is not what was written")
    }
    return Blob(store: self, key: key, manifest: manifest, head: Array(head.dropFirst(BlobManifest.size)))
  }

  /// Deletes the blob, or what an upload that failed has left of it. Does nothing where there is none.
  package func deleteBlob(_ key: ObjectKey) async throws {
    let manifest = try await read(key, 0..<BlobManifest.size).flatMap { BlobManifest($0) }
    try await delete(key)
    let count: Int
    if let manifest { count = manifest.partCount } else { count = try await partCount(of: key) }
    // From the last one, so that what is left when this is interrupted has no gap and is found again.
    for number in (0..<count).reversed() { try await delete(key / "\(number)") }
  }

  /// How many parts there are without a manifest. Between two that are there as many may be missing as are written at once.
  private func partCount(of key: ObjectKey) async throws -> Int {
    var count = 0
    var number = 0
    while number <= count + BlobUpload.window {
      if try await stat(key / "\(number)") != nil { count = number + 1 }
      number += 1
    }
    return count
  }
}

extension BlobManifest {
  /// How many bytes of the object a reader of its head gets.
  fileprivate var expectedHeadSize: Int {
    isInline ? min(Blob.headSize, BlobManifest.size + info.size) : BlobManifest.size
  }
}

extension ObjectStoreError {
  static func damaged(_ key: ObjectKey, _ reason: String) -> ObjectStoreError {
    ObjectStoreError(.damaged, key: key, message: "\(reason); make it again, or restore it from a backup")
  }
}
