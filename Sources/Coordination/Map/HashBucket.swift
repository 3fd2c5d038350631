/// Which of a list's buckets a name belongs to: the same for every process and for ever, spread evenly.
package enum HashBucket {
  /// Sixteen hold 14,000 names before the fullest has ``NodeMap/bucketSize``. A bucket is created when its first name comes,
  /// so a site with one worker has one.
  package static let count = 16

  /// The bucket's name: one hexadecimal digit.
  package static func name(of text: some StringProtocol) -> String {
    // FNV-1a; its high bits are mixed better than its low ones.
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String((hash ^ (hash >> 32)) % UInt64(count), radix: 16)
  }
}
