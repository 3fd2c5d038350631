import Foundation
import GRDB
import ObjectStorage
import Testing

@testable import FileObjectStorage

@Suite("The object folder") struct FileObjectStoreTests {
  @Test("of a newer program is refused, and one without a version is damaged")
  func format() async throws {
    let formats: [(String, ObjectStoreError.Code)] = [
      ("2\n", .refused), ("99\n", .refused), ("x", .damaged), ("0\n", .damaged),
    ]
    for (format, expected) in formats {
      try await Backend.files.withPlace { place in
        try FileManager.default.createDirectory(atPath: place.address, withIntermediateDirectories: true)
        try format.write(toFile: place.address + "/format", atomically: false, encoding: .utf8)
        #expect(await code { _ = try await place.open() } == expected)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.address) == ["format"])
      }
    }
  }

  @Test("is set up once by many who open it at once")
  func openedTogether() async throws {
    try await Backend.files.withPlace { place in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<6 {
          group.addTask {
            let store = try await place.open()
            try await store.update(ObjectKey("index"), [IndexChange(key: "\(number)", value: [])])
            await store.close()
          }
        }
        try await group.waitForAll()
      }
      let store = try await place.open()
      #expect(try await store.entries(in: ObjectKey("index"), after: "", limit: 10).count == 6)
      await store.close()
    }
  }

  @Test("loses what dead writers have left, but not what living ones write")
  func staleFiles() async throws {
    try await Backend.files.withPlace { place in
      await (try place.open()).close()
      let folder = place.address + "/temporary/"
      let long = Date(timeIntervalSinceNow: -7_200)
      for (name, date) in [("dead", long), ("living", long), ("young", Date())] {
        #expect(FileManager.default.createFile(atPath: folder + name, contents: Data()))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder + name)
      }
      let writer = try Descriptor(folder + "living", flags: O_WRONLY)
      #expect(try writer.lock(waiting: false))
      await (try place.open()).close()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["living", "young"])
      extendLifetime(writer)
    }
  }

  @Test("holds nothing but the objects that are there")
  func leavesNothing() async throws {
    try await Backend.files.withPlace { place in
      let store = try await place.open()
      for condition in [PutCondition.always, .ifAbsent] {
        try await store.put([1], at: ObjectKey("a/b/c"), condition)
        try? await store.put([1], at: ObjectKey("a/b/c"), .ifAbsent)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: place.address + "/temporary") == [])
        let names = try FileManager.default.subpathsOfDirectory(atPath: place.address + "/objects")
        #expect(names.sorted() == ["a", "a/b", "a/b/c@"])
        try await store.delete(ObjectKey("a/b/c"))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: place.address + "/objects") == [])
      }
      await store.close()
    }
  }

  @Test("keeps its indexes durable at every update")
  func synchronous() async throws {
    try await Backend.files.withPlace { place in
      await (try place.open()).close()
      let indexes = try IndexDatabase(path: place.address + "/indexes.sqlite")
      let (mode, journal) = try await indexes.pool.writeWithoutTransaction { database in
        (
          try Int.fetchOne(database, sql: "PRAGMA synchronous"),
          try String.fetchOne(database, sql: "PRAGMA journal_mode")
        )
      }
      #expect(mode == 2)
      #expect(journal == "wal")
      try indexes.close()
    }
  }

  /// What the system says, and what it means to the caller.
  private static let numbers: [(Int32, ObjectStoreError.Code)] = [
    (ENOSPC, .noSpace), (EDQUOT, .noSpace), (EACCES, .refused), (EROFS, .refused), (EMFILE, .unavailable),
    (EIO, .damaged),
    (EINVAL, .refused),
  ]

  @Test("says what to do about what the system refuses, and not where it lies")
  func errors() {
    for (number, expected) in Self.numbers {
      errno = number
      let error = ObjectStoreError(SystemError("write"), at: ObjectKey("a"))
      #expect(error.code == expected)
      #expect(error.message.hasPrefix("write: "))
      #expect(!error.message.contains(" /"))
      #expect(error.message.contains("; "))
    }
  }
}
