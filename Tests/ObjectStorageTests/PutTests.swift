import ObjectStorage
import Testing

@testable import object_probe

@Suite("An object is put whole") struct PutTests {
  @Test("and read as it was put, also when empty", arguments: Backend.all)
  func roundTrip(_ backend: Backend) async throws {
    try await backend.withStore { store in
      for bytes in [[], [0], numbered(100), numbered(ObjectLimits.objectSize)] {
        try await store.put(bytes, at: ObjectKey("a/b"))
        #expect(try await store.read(ObjectKey("a/b")) == bytes)
        #expect(try await store.stat(ObjectKey("a/b")) == ObjectInfo(size: bytes.count))
      }
      #expect(try await store.read(ObjectKey("a")) == nil)
      #expect(try await store.stat(ObjectKey("a/b/c")) == nil)
    }
  }

  @Test("only once where it must be absent, though many writers try", arguments: Backend.all)
  func exclusive(_ backend: Backend) async throws {
    try await backend.withStore { store in
      for round in 0..<5 {
        let key = ObjectKey("round/\(round)")
        let winners = await withTaskGroup(of: UInt8?.self) { group in
          for writer in UInt8(1)...12 {
            group.addTask {
              do {
                try await store.put([UInt8](repeating: writer, count: 1_000), at: key, .ifAbsent)
                return writer
              } catch {
                #expect((error as? ObjectStoreError)?.code == .alreadyExists)
                return nil
              }
            }
          }
          return await group.reduce(into: [UInt8]()) { if let winner = $1 { $0.append(winner) } }
        }
        #expect(winners.count == 1)
        let stored = try await store.read(key)
        #expect(stored == winners.first.map { [UInt8](repeating: $0, count: 1_000) })
      }
    }
  }

  @Test("and readers never see a part of it while it is replaced", arguments: Backend.all)
  func neverHalf(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let key = ObjectKey("object")
      try await store.put(Pattern.bytes(0), at: key)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<2 {
          group.addTask { for round in 0..<15 { try await store.put(Pattern.bytes(writer * 100 + round), at: key) } }
        }
        for _ in 0..<3 {
          group.addTask {
            for _ in 0..<15 {
              let bytes = try #require(try await store.read(key))
              #expect(Pattern.generation(of: bytes) != nil)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("also when the writer is killed, and what was acknowledged stays", arguments: Backend.all)
  func killed(_ backend: Backend) async throws {
    try await backend.withPlace { place in
      let key = ObjectKey("object")
      let store = try await place.open()
      for round in 1...5 {
        let probe = try Program.probe("put", place.address, key.string)
        try await probe.wait(forLines: round * 2)
        let acknowledged = try #require(try await probe.kill().last.flatMap { Int($0) })
        let bytes = try #require(try await store.read(key))
        let generation = try #require(Pattern.generation(of: bytes))
        // The one after it may have been stored before it could be acknowledged.
        #expect([acknowledged, acknowledged + 1].map { $0 % Pattern.generations }.contains(generation))
      }
      await store.close()
    }
  }

  @Test("and deleted; deleting what is not there does nothing", arguments: Backend.all)
  func deleted(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let keys = ["a", "a/b", "a/b/c", "a/d"].map { ObjectKey($0) }
      for key in keys { try await store.put(Array(key.string.utf8), at: key) }
      for (number, key) in keys.enumerated() {
        try await store.delete(key)
        try await store.delete(key)
        #expect(try await store.read(key) == nil)
        for other in keys[(number + 1)...] { #expect(try await store.read(other) == Array(other.string.utf8)) }
      }
      try await store.put([1], at: keys[2], .ifAbsent)
      #expect(try await store.read(keys[2]) == [1])
    }
  }

  @Test("also while its neighbours come and go", arguments: Backend.all)
  func neighbours(_ backend: Backend) async throws {
    try await backend.withStore { store in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<6 {
          group.addTask {
            let key = ObjectKey("shared/folder/\(writer)")
            for round in 0..<20 {
              try await store.put([UInt8(round)], at: key, .ifAbsent)
              #expect(try await store.read(key) == [UInt8(round)])
              try await store.delete(key)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
