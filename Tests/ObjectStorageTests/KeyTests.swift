import ObjectStorage
import Testing

@Suite("Any text makes a key of its own") struct KeyTests {
  private static let texts = [
    "", "a", "A", "a/b", "a%2Fb", "a b", ".", "..", "...", "../../etc/passwd", "/etc/passwd", "~root", "-rf", "a\0b",
    "a\nb",
    "%", "%%", "%00", "a@", "@", "a:b", "index:a", "é", "e\u{301}", "日本語", "🏗️", "\u{202E}txt", "a\\b", "$(reboot)",
    "a;b",
    "con", "*", "?", "'", "\"", "a#b", "a&namespace=b", String(repeating: "x", count: 500),
    String(repeating: "/", count: 300),
    String(repeating: "x", count: 200), String(repeating: "x", count: 201),
  ]

  @Test("and different texts different ones")
  func distinct() {
    let keys = Self.texts.dropFirst().map { "prefix/\(ObjectKey.escape($0))" }
    #expect(Set(keys).count == keys.count)
    for key in keys { #expect(ObjectKey(key).string == key) }
  }

  @Test("that holds what was put there, and nothing else does", arguments: Backend.all)
  func roundTrip(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let texts = Self.texts.dropFirst()
      for text in texts {
        try await store.put(Array(text.utf8), at: ObjectKey("prefix/\(ObjectKey.escape(text))"), .ifAbsent)
      }
      for text in texts {
        #expect(try await store.read(ObjectKey("prefix/\(ObjectKey.escape(text))")) == Array(text.utf8), "\(text)")
      }
    }
  }

  @Test("and the longest keys are stored too", arguments: Backend.all)
  func longest(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let component = String(repeating: "k", count: 199)
      let deep = ObjectKey(Array(repeating: "d", count: 500).joined(separator: "/"))
      let long = ObjectKey(Array(repeating: component, count: 5).joined(separator: "/"))
      for key in [deep, long] {
        try await store.put(numbered(10), at: key, .ifAbsent)
        try await store.update(key, [IndexChange(key: "entry", value: [1])])
        #expect(try await store.read(key) == numbered(10))
        #expect(try await store.value(in: key, at: "entry") == [1])
        try await store.delete(key)
        #expect(try await store.value(in: key, at: "entry") == [1])
      }
    }
  }
}
