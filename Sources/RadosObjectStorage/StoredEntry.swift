import ObjectStorage

/// How an entry of an index is stored.
enum StoredEntry {
  /// In front of every value, so that an entry that is missing, which compares as empty, differs from an empty one.
  private static let mark: UInt8 = 0

  static func value(_ value: [UInt8]) -> [UInt8] { [mark] + value }

  /// - Throws: ``ObjectStoreError`` with `damaged`.
  static func value(stored: [UInt8], in index: ObjectKey) throws(ObjectStoreError) -> [UInt8] {
    guard stored.first == mark else {
      throw ObjectStoreError(
        .damaged, key: index, message: "an entry was not written by this program; use a pool or a namespace of its own")
    }
    return Array(stored.dropFirst())
  }

  /// The key without zero bytes, with which librados ends the key that a page starts after. It sorts as before: 0 becomes
  /// 1 1, and 1 becomes 1 2.
  static func key(_ key: String) -> [UInt8] {
    key.utf8.flatMap { $0 <= 1 ? [1, $0 + 1] : [$0] }
  }

  static func key(stored: [UInt8]) -> String {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in stored {
      if isEscaped { bytes.append(byte &- 1) } else if byte != 1 { bytes.append(byte) }
      isEscaped = !isEscaped && byte == 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
