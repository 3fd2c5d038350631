import ObjectStorage
import Testing

@Suite("Two stores on one place") struct SharingTests {
  @Test("see each other's writes", arguments: Backend.all)
  func writes(_ backend: Backend) async throws {
    try await backend.withPlace { place in
      let first = try await place.open(), second = try await place.open()
      let key = ObjectKey("a/b"), index = ObjectKey("index")
      for round in UInt8(0)..<10 {
        try await first.put([round], at: key)
        #expect(try await second.read(key) == [round])
        try await second.write([round, round], at: key, offset: 1)
        #expect(try await first.stat(key)?.size == 3)
        try await first.update(index, [IndexChange(key: "k", value: [round])])
        #expect(try await second.entries(in: index, after: "", limit: 1) == [IndexEntry(key: "k", value: [round])])
        try await second.update(index, [IndexChange(key: "k", value: nil, expecting: .value([round]))])
        #expect(try await first.value(in: index, at: "k") == nil)
        try await second.delete(key)
        #expect(try await first.read(key) == nil)
      }
      await first.close()
      try await second.put([1], at: key)
      await second.close()
    }
  }

  @Test("find what was there before they were opened", arguments: Backend.all)
  func reopened(_ backend: Backend) async throws {
    try await backend.withPlace { place in
      let first = try await place.open()
      try await first.put([1], at: ObjectKey("a"))
      try await first.update(ObjectKey("index"), [IndexChange(key: "k", value: [2])])
      await first.close()
      let second = try await place.open()
      #expect(try await second.read(ObjectKey("a")) == [1])
      #expect(try await second.value(in: ObjectKey("index"), at: "k") == [2])
      await second.close()
    }
  }
}
