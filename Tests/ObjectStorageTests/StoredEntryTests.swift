import ObjectStorage
import Testing

@testable import RadosObjectStorage

@Suite("A key of an index as RADOS stores it") struct StoredEntryTests {
  private static let keys: [String] = {
    let letters = ["\0", "\u{1}", "\u{2}", "\u{3}", "a", "é"]
    let pairs = letters.flatMap { first in letters.map { first + $0 } }
    return [""] + letters + pairs + pairs.flatMap { pair in letters.map { pair + $0 } }
  }()

  @Test("has no zero byte, and gives the key again")
  func roundTrip() {
    for key in Self.keys {
      let stored = StoredEntry.key(key)
      #expect(!stored.contains(0))
      #expect(Array(StoredEntry.key(stored: stored).utf8) == Array(key.utf8))
    }
  }

  @Test("sorts as the key does")
  func order() {
    let sorted = Self.keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    let stored = sorted.map { StoredEntry.key(String(decoding: $0, as: UTF8.self)) }
    for (left, right) in zip(stored, stored.dropFirst()) { #expect(left.lexicographicallyPrecedes(right)) }
  }

  @Test("of an older hand is damaged")
  func unmarked() {
    for stored: [UInt8] in [[], [1], [255, 0]] {
      #expect { try StoredEntry.value(stored: stored, in: ObjectKey("i")) } throws: {
        ($0 as? ObjectStoreError)?.code == .damaged
      }
    }
  }
}
