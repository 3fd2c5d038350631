import Crypto

/// The SHA-256 of some content.
package struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
  /// 32 of them.
  package let bytes: [UInt8]

  package init?(bytes: [UInt8]) {
    guard bytes.count == SHA256.byteCount else { return nil }
    self.bytes = bytes
  }

  /// Of what a hash has been fed with.
  init(_ hash: SHA256) {
    bytes = Array(hash.finalize())
  }

  package init(of content: [UInt8]) {
    bytes = Array(SHA256.hash(data: content))
  }

  /// 64 lower-case hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
