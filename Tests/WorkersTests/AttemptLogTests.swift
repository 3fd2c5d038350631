import Model
import ObjectStorage
import SharedRepository
import Testing
import Workers

@Suite("The log of an attempt")
struct AttemptLogTests {
  private func storage(_ bench: Bench, _ token: String = "token") throws -> AttemptStorage {
    bench.repository.storage(of: BuildID(job: try JobName("j"), number: 1), task: try TaskName("t"), token: token)
  }

  private func text(_ storage: AttemptStorage, _ size: Int) async throws -> String {
    var bytes: [UInt8] = []
    for try await chunk in storage.logReader.read(0..<size) { bytes += chunk }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("that nobody writes to leaves no object")
  func silence() async throws {
    try await Bench.with { bench in
      let log = AttemptLog(storage: try storage(bench))
      let size = try await log.close()
      #expect(size == 0)
      #expect(try bench.shell("find objects -path '*token*' -type f") == "")
    }
  }

  @Test("can be read a moment after it was written, before it is closed")
  func following() async throws {
    try await Bench.with { bench in
      let storage = try storage(bench)
      let log = AttemptLog(storage: storage)
      try await log.write(Array("first".utf8))
      try await eventually("the bytes are stored") { try await storage.logReader.currentLength() == 5 }
      try await log.line("sec\u{1B}ond")
      let size = try await log.close()
      let text = try await text(storage, size)
      #expect(text == "first\nsec\u{FFFD}ond\n")
    }
  }

  @Test("keeps its beginning, and says how much was cut")
  func limit() async throws {
    try await Bench.with { bench in
      let storage = try storage(bench)
      let log = AttemptLog(storage: storage, limit: 10)
      try await log.write(Array("0123456".utf8))
      try await log.write(Array("789abc".utf8))
      try await log.line("more")
      let size = try await log.close()
      let text = try await text(storage, size)
      #expect(text == "0123456789\n[log cut: 9 more bytes were not kept; the limit is 10 bytes]\n")
    }
  }

  @Test("keeps every byte in order however fast they come")
  func much() async throws {
    try await Bench.with { bench in
      let ended = try await bench.perform(bench.shellTask("seq 1000000"), isLast: true)
      #expect(ended.logSize == 6_888_896)
      #expect(ended.log.split(separator: "\n").enumerated().allSatisfy { Int($1) == $0 + 1 })
    }
  }

  @Test("whose store fails, fails its writer and its closing")
  func failure() async throws {
    try await Bench.with { bench in
      let storage = AttemptStorage(
        store: FullStore(), build: BuildID(job: try JobName("j"), number: 1), task: try TaskName("t"), token: "token")
      let log = AttemptLog(storage: storage)
      await #expect(throws: ObjectStoreError.self) { try await log.write([UInt8](repeating: 0x61, count: 100_000)) }
      await #expect(throws: ObjectStoreError.self) { try await log.close() }
    }
  }
}

/// An object store without room.
private struct FullStore: ObjectStore {
  private var full: ObjectStoreError { ObjectStoreError(.noSpace) }

  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws { throw full }
  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws { throw full }
  func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? { nil }
  func stat(_ key: ObjectKey) async throws -> ObjectInfo? { nil }
  func delete(_ key: ObjectKey) async throws {}
  func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? { nil }
  func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] { [] }
  func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws { throw full }
  func close() async {}
}
