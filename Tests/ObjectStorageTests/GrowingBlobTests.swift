import ObjectStorage
import Testing

@Suite("A growing blob") struct GrowingBlobTests {
  private let key = ObjectKey("logs/1")

  @Test("is read while it grows, across its parts", arguments: Backend.all)
  func grows(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var blob = GrowingBlob(store: store, key: key)
      let reader = GrowingBlobReader(store: store, key: key)
      #expect(try await reader.currentLength() == 0)
      let bytes = numbered(2 * ObjectLimits.objectSize + 5_000)
      for end in [0, 1, 1_000, ObjectLimits.objectSize, ObjectLimits.objectSize + 1, bytes.count] {
        let known = blob.length
        try await blob.append(Array(bytes[known..<end]))
        #expect(blob.length == end)
        #expect(try await reader.currentLength(from: known) == end)
        #expect(try await reader.read(known..<end).joined() == Array(bytes[known..<end]))
      }
      #expect(try await reader.currentLength() == bytes.count)
      #expect(try await reader.read(0..<bytes.count).joined() == bytes)
      #expect(await code { _ = try await reader.read(0..<bytes.count + 1).joined() } == .damaged)
      try await reader.delete()
      for number in 0..<4 { #expect(try await store.stat(key / "\(number)") == nil) }
    }
  }

  @Test("goes on at the length that is known, over what was left there", arguments: Backend.all)
  func resumed(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var first = GrowingBlob(store: store, key: key)
      try await first.append(numbered(1_000))
      try await first.append([1, 1, 1])
      var second = GrowingBlob(store: store, key: key, length: 1_000)
      try await second.append([2, 2, 2, 2])
      let reader = GrowingBlobReader(store: store, key: key)
      #expect(try await reader.read(0..<second.length).joined() == numbered(1_000) + [2, 2, 2, 2])
    }
  }
}
