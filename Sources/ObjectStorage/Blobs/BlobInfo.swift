/// What is known of a blob without reading it.
package struct BlobInfo: Hashable, Sendable {
  /// In bytes.
  package let size: Int
  package let sha256: ContentDigest

  package init(size: Int, sha256: ContentDigest) {
    self.size = size
    self.sha256 = sha256
  }
}
