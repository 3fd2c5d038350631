import ObjectStorage
import Testing

@testable import object_probe

@Suite("An index") struct IndexTests {
  private let index = ObjectKey("indexes/jobs")

  @Test("that nobody has written is empty", arguments: Backend.all)
  func empty(_ backend: Backend) async throws {
    try await backend.withStore { store in
      #expect(try await store.value(in: index, at: "a") == nil)
      #expect(try await store.entries(in: index, after: "", limit: 10) == [])
      try await store.update(index, [])
      try await store.update(index, [IndexChange(key: "a", value: nil, expecting: .absent)])
      #expect(try await store.entries(in: index, after: "", limit: 10) == [])
    }
  }

  @Test("keeps entries, replaces and removes them", arguments: Backend.all)
  func changes(_ backend: Backend) async throws {
    try await backend.withStore { store in
      try await store.update(index, [IndexChange(key: "a", value: [1]), IndexChange(key: "b", value: [])])
      try await store.update(index, [IndexChange(key: "a", value: [2]), IndexChange(key: "c", value: [0, 3])])
      #expect(try await store.value(in: index, at: "a") == [2])
      #expect(try await store.value(in: index, at: "b") == [])
      #expect(try await store.value(in: ObjectKey("indexes/jobs/a"), at: "a") == nil)
      try await store.update(index, [IndexChange(key: "a", value: nil), IndexChange(key: "nothing", value: nil)])
      #expect(
        try await store.entries(in: index, after: "", limit: 10)
          == [IndexEntry(key: "b", value: []), IndexEntry(key: "c", value: [0, 3])])
    }
  }

  /// What the index holds, what a change expects, and whether it is made.
  private static let expectations: [([UInt8]?, IndexChange.Expectation, Bool)] = [
    (nil, .anything, true), (nil, .absent, true), (nil, .value([]), false), (nil, .value([1]), false),
    (nil, .value([0]), false), ([], .anything, true), ([], .absent, false), ([], .value([]), true),
    ([], .value([0]), false),
    ([1], .absent, false), ([1], .value([1]), true), ([1], .value([2]), false), ([1], .value([1, 0]), false),
    ([0], .value([]), false), ([1, 0], .value([1]), false),
  ]

  @Test("changes only when it holds what is expected", arguments: Backend.all)
  func expectations(_ backend: Backend) async throws {
    try await backend.withStore { store in
      for (number, (held, expectation, isMade)) in Self.expectations.enumerated() {
        let key = "key \(number)"
        if let held { try await store.update(index, [IndexChange(key: key, value: held)]) }
        let change = IndexChange(key: key, value: [9], expecting: expectation)
        if isMade {
          try await store.update(index, [change])
        } else {
          #expect(await code { try await store.update(index, [change]) } == .conditionFailed, "\(number)")
        }
        #expect(try await store.value(in: index, at: key) == (isMade ? [9] : held), "\(number)")
        let removal = IndexChange(key: key, value: nil, expecting: .value([9]))
        if isMade { try await store.update(index, [removal]) }
      }
    }
  }

  @Test("makes all changes of an update or none", arguments: Backend.all)
  func atomic(_ backend: Backend) async throws {
    try await backend.withStore { store in
      try await store.update(index, [IndexChange(key: "a", value: [1]), IndexChange(key: "b", value: [1])])
      let changes = [
        IndexChange(key: "a", value: [2]), IndexChange(key: "b", value: nil, expecting: .value([1])),
        IndexChange(key: "c", value: [2], expecting: .value([1])),
      ]
      #expect(await code { try await store.update(index, changes) } == .conditionFailed)
      #expect(
        try await store.entries(in: index, after: "", limit: 10)
          == [IndexEntry(key: "a", value: [1]), IndexEntry(key: "b", value: [1])])
    }
  }

  @Test("shows a reader all changes of an update or none", arguments: Backend.all)
  func consistent(_ backend: Backend) async throws {
    try await backend.withStore { store in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in UInt8(0)..<3 {
          group.addTask {
            for round in UInt8(0)..<20 {
              let keys = ["a", "b", "c", "d"]
              try await store.update(index, keys.map { IndexChange(key: $0, value: [writer, round]) })
            }
          }
        }
        group.addTask {
          for _ in 0..<40 {
            let entries = try await store.entries(in: index, after: "", limit: 10)
            #expect(Set(entries.map(\.value)).count <= 1)
            #expect(entries.isEmpty || entries.count == 4)
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("loses no count of many writers that compare and set", arguments: Backend.all)
  func counter(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let counter = Counter(store: store, index: index)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 { group.addTask { try await counter.increment(times: 125) } }
        try await group.waitForAll()
      }
      #expect(try await counter.value() == 1_000)
    }
  }

  @Test("loses no count of several processes", arguments: Backend.all)
  func processes(_ backend: Backend) async throws {
    try await backend.withPlace { place in
      let probes = try (0..<3).map { _ in try Program.probe("count", place.address, index.string) }
      for probe in probes { _ = try await probe.output() }
      let store = try await place.open()
      #expect(try await Counter(store: store, index: index).value() == 375)
      await store.close()
    }
  }

  @Test("gives 10,000 entries in pages, in the order of their bytes", arguments: Backend.all)
  func pages(_ backend: Backend) async throws {
    try await backend.withStore { store in
      // The two keys around each other in Unicode and in the order of strings, but not in that of bytes, included.
      let odd = ["\0", "a\0", "a\0b", "a\u{1}", "a\u{1}b", "a\u{2}", "a", "é", "e\u{301}", "\u{FFFF}", "🏗️", "\u{7F}"]
      let keys =
        odd + (0..<(10_000 - odd.count)).map { "key \(String($0 &* 7_919, radix: 36))\($0 % 7 == 0 ? "ß" : "")" }
      for start in stride(from: 0, to: keys.count, by: 1_000) {
        let changes = keys[start..<min(start + 1_000, keys.count)].map { IndexChange(key: $0, value: Array($0.utf8)) }
        try await store.update(index, changes)
      }
      var found: [[UInt8]] = []
      var last = ""
      while true {
        let page = try await store.entries(in: index, after: last, limit: 999)
        for entry in page { #expect(entry.value == Array(entry.key.utf8)) }
        found += page.map(\.value)
        guard let end = page.last?.key else { break }
        #expect(page.count <= 999)
        last = end
      }
      #expect(found == keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
      #expect(
        try await store.entries(in: index, after: "a\0", limit: 2).map { Array($0.key.utf8) } == [
          [97, 0, 98], [97, 1],
        ])
    }
  }

  @Test("refuses what is too large, and keys named twice", arguments: Backend.all)
  func limits(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let longKey = String(repeating: "k", count: ObjectLimits.indexKeySize)
      let largeValue = numbered(ObjectLimits.indexValueSize)
      try await store.update(index, [IndexChange(key: longKey, value: largeValue)])
      #expect(try await store.value(in: index, at: longKey) == largeValue)
      let refused: [([IndexChange], ObjectStoreError.Code)] = [
        ([IndexChange(key: longKey + "k", value: [])], .tooLarge),
        ([IndexChange(key: "k", value: largeValue + [0])], .tooLarge),
        ((0...ObjectLimits.indexChanges).map { IndexChange(key: "\($0)", value: []) }, .tooLarge),
        ([IndexChange(key: "", value: [])], .refused),
        ([IndexChange(key: "k", value: [1]), IndexChange(key: "k", value: nil)], .refused),
      ]
      for (changes, expected) in refused {
        #expect(await code { try await store.update(index, changes) } == expected)
      }
      #expect(try await store.entries(in: index, after: "", limit: 10).count == 1)
    }
  }
}
