import Testing

@testable import ObjectStorage
@testable import object_probe

@Suite("A blob") struct BlobTests {
  private static let limit = ObjectLimits.objectSize - 64
  private static let sizes = [
    0, 1, limit - 1, limit, limit + 1, ObjectLimits.objectSize, ObjectLimits.objectSize + 1, 20 << 20,
  ]
  private let key = ObjectKey("blobs/1")

  @Test("is read as it was put, whatever its size", arguments: Backend.all)
  func roundTrip(_ backend: Backend) async throws {
    try await backend.withStore { store in
      for size in Self.sizes {
        let key = ObjectKey("blobs/\(size)")
        let bytes = numbered(size)
        let info = try await store.putBlob(key, from: Chunks(bytes, of: 777_777))
        #expect(info == BlobInfo(size: size, sha256: ContentDigest(of: bytes)))
        let blob = try #require(try await store.openBlob(key))
        #expect(blob.info == info)
        #expect(try await blob.read().joined() == bytes)
        // Only what is larger than one object needs more than one.
        #expect((try await store.stat(key / "0") == nil) == (size <= Self.limit))
        try await store.deleteBlob(key)
        #expect(try await store.openBlob(key) == nil)
        for number in 0..<6 { #expect(try await store.stat(key / "\(number)") == nil) }
      }
    }
  }

  @Test("gives any range of it", arguments: Backend.all)
  func ranges(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let part = ObjectLimits.objectSize
      for size in [1_000, 3_000_000, 2 * part + 1_000] {
        let bytes = numbered(size)
        let key = ObjectKey("blobs/\(size)")
        _ = try await store.putBlob(key, from: Chunks(bytes, of: 1 << 20))
        let blob = try #require(try await store.openBlob(key))
        for range in [
          0..<0, 0..<1, 10..<900, size - 1..<size, part - 1..<part + 1, part..<part, 70_000..<80_000, 900..<size + 10,
          0..<size,
        ] {
          let expected = Array(bytes[range.clamped(to: 0..<size)])
          #expect(try await blob.read(range).joined() == expected, "\(range) of \(size)")
        }
      }
    }
  }

  @Test("does not replace another", arguments: Backend.all)
  func exclusive(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let large = numbered(5 << 20)
      _ = try await store.putBlob(key, from: Chunks(large, of: 1 << 20))
      for bytes in [[1], [UInt8](repeating: 1, count: 5 << 20)] {
        #expect(await code { _ = try await store.putBlob(key, from: Chunks(bytes, of: 1 << 20)) } == .alreadyExists)
      }
      #expect(try await store.openBlob(key)?.read().joined() == large)
    }
  }

  @Test("whose upload fails is never seen, and what it left can be deleted", arguments: Backend.all)
  func interrupted(_ backend: Backend) async throws {
    struct Broken: Error {}
    try await backend.withStore { store in
      let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
        for _ in 0..<10 { continuation.yield(numbered(1 << 20)) }
        continuation.finish(throwing: Broken())
      }
      await #expect(throws: Broken.self) { try await store.putBlob(key, from: chunks) }
      #expect(try await store.openBlob(key) == nil)
      #expect(try await store.stat(key / "0") != nil)
      try await store.deleteBlob(key)
      #expect(try await store.stat(key / "0") == nil)
      #expect(try await store.stat(key / "1") == nil)
    }
  }

  /// - Returns: the numbers of the parts that are there.
  private func parts(of store: any ObjectStore) async throws -> [Int] {
    var numbers: [Int] = []
    for number in 0..<100 where try await store.stat(key / "\(number)") != nil { numbers.append(number) }
    return numbers
  }

  @Test("whose writer is killed is never seen", arguments: Backend.all)
  func killed(_ backend: Backend) async throws {
    try await backend.withPlace { place in
      let probe = try Program.probe("blob", place.address, key.string)
      // More than may be under way at a time, so that the first chunk is there.
      try await probe.wait(forLines: 40)
      _ = try await probe.kill()
      let store = try await place.open()
      #expect(try await store.openBlob(key) == nil)
      #expect(try await store.stat(key / "0") != nil)
      try await store.deleteBlob(key)
      for number in 0..<100 { #expect(try await store.stat(key / "\(number)") == nil) }
      await store.close()
    }
  }

  @Test("whose manifest is damaged is refused", arguments: Backend.all)
  func damagedManifest(_ backend: Backend) async throws {
    try await backend.withStore { store in
      for size in [100, 9 << 20] {
        let key = ObjectKey("blobs/\(size)")
        _ = try await store.putBlob(key, from: Chunks(numbered(size), of: 1 << 20))
        let manifest = try #require(try await store.read(key))
        for place in [0, 4, 5, 8, 15, 16, 47, 48, 63] {
          var damaged = manifest
          damaged[place] ^= 1
          try await store.put(damaged, at: key)
          #expect(await code { _ = try await store.openBlob(key) } == .damaged, "\(place)")
        }
        for length in [0, 63, manifest.count - 1] {
          try await store.put(Array(manifest.prefix(length)), at: key)
          #expect(await code { _ = try await store.openBlob(key) } == .damaged, "\(length)")
        }
        try await store.put(manifest + [0], at: key)
        #expect(await code { _ = try await store.openBlob(key) } == .damaged)
      }
    }
  }

  @Test("whose bytes are damaged is not given out whole", arguments: Backend.all)
  func damagedBytes(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let bytes = numbered(9 << 20)
      _ = try await store.putBlob(key, from: Chunks(bytes, of: 1 << 20))
      let blob = try #require(try await store.openBlob(key))
      let last = try #require(try await store.read(key / "2"))
      try await store.put(last.dropLast() + [last[last.count - 1] ^ 1], at: key / "2")
      var given = 0
      #expect(await code { for try await chunk in blob.read() { given += chunk.count } } == .damaged)
      #expect(given < bytes.count)
      try await store.put(Array(last.dropLast()), at: key / "2")
      #expect(await code { _ = try await blob.read((9 << 20) - 10..<9 << 20).joined() } == .damaged)
      try await store.delete(key / "1")
      #expect(await code { _ = try await blob.read(5 << 20..<6 << 20).joined() } == .damaged)
      #expect(try await blob.read(0..<100).joined() == Array(bytes[..<100]))
    }
  }

  @Test("of one object is verified too", arguments: Backend.all)
  func damagedInline(_ backend: Backend) async throws {
    try await backend.withStore { store in
      for size in [1_000, 1_000_000] {
        let key = ObjectKey("blobs/\(size)")
        _ = try await store.putBlob(key, from: Chunks(numbered(size), of: 1 << 20))
        try await store.write([0xEE, 0xEE, 0xEE], at: key, offset: 64 + size - 3)
        let blob = try #require(try await store.openBlob(key))
        #expect(await code { _ = try await blob.read().joined() } == .damaged)
      }
    }
  }
}
