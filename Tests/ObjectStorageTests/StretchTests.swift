import ObjectStorage
import Testing

@Suite("A stretch of an object") struct StretchTests {
  /// A range, and what it gives of an object of 1,000 bytes.
  private static let ranges: [(Range<Int>, Range<Int>)] = [
    (0..<1_000, 0..<1_000), (0..<1, 0..<1), (999..<1_000, 999..<1_000), (0..<0, 0..<0), (500..<500, 0..<0),
    (10..<20, 10..<20), (990..<2_000, 990..<1_000), (1_000..<1_001, 0..<0), (5_000..<6_000, 0..<0),
    (ObjectLimits.objectSize..<ObjectLimits.objectSize + 5, 0..<0), (0..<Int.max, 0..<1_000),
  ]

  @Test("is read up to where the object ends", arguments: Backend.all)
  func ranges(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let bytes = numbered(1_000)
      try await store.put(bytes, at: ObjectKey("object"))
      for (range, expected) in Self.ranges {
        #expect(try await store.read(ObjectKey("object"), range) == Array(bytes[expected]), "\(range)")
        #expect(try await store.read(ObjectKey("nothing"), range) == nil, "\(range)")
      }
    }
  }

  @Test("is written anywhere, and gaps read as zero", arguments: Backend.all)
  func gaps(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let key = ObjectKey("logs/1")
      try await store.write([1, 2, 3], at: key, offset: 100)
      #expect(try await store.stat(key)?.size == 103)
      #expect(try await store.read(key) == [UInt8](repeating: 0, count: 100) + [1, 2, 3])
      try await store.write([9, 9], at: key, offset: 0)
      try await store.write([8], at: key, offset: 200_000)
      try await store.write([7], at: key, offset: 101)
      let expected =
        [9, 9] + [UInt8](repeating: 0, count: 98) + [1, 7, 3] + [UInt8](repeating: 0, count: 199_897) + [8]
      #expect(try await store.read(key) == expected)
      try await store.write([5], at: key, offset: ObjectLimits.objectSize - 1)
      #expect(try await store.stat(key)?.size == ObjectLimits.objectSize)
    }
  }

  @Test("of no bytes creates the object and does not make it longer", arguments: Backend.all)
  func nothing(_ backend: Backend) async throws {
    try await backend.withStore { store in
      try await store.write([], at: ObjectKey("object"), offset: 100)
      #expect(try await store.stat(ObjectKey("object")) == ObjectInfo(size: 0))
    }
  }

  @Test("written by many at once is all there", arguments: Backend.all)
  func concurrent(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let key = ObjectKey("new/folder/object")
      let bytes = numbered(64_000)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for start in stride(from: 0, to: bytes.count, by: 1_000) {
          group.addTask { try await store.write(Array(bytes[start..<start + 1_000]), at: key, offset: start) }
        }
        try await group.waitForAll()
      }
      #expect(try await store.read(key) == bytes)
    }
  }

  @Test("and a whole object that are too large are refused, and nothing is stored", arguments: Backend.all)
  func tooLarge(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let key = ObjectKey("object")
      let large = [UInt8](repeating: 1, count: ObjectLimits.objectSize + 1)
      #expect(await code { try await store.put(large, at: key) } == .tooLarge)
      #expect(await code { try await store.put(large, at: key, .ifAbsent) } == .tooLarge)
      #expect(await code { try await store.write([1], at: key, offset: ObjectLimits.objectSize) } == .tooLarge)
      let stored = try await store.stat(key)
      #expect(stored == nil)
    }
  }
}
