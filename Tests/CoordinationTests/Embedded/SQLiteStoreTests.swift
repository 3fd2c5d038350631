import Coordination
import Foundation
import GRDB
import Testing

@testable import SQLiteCoordination

/// What only the embedded store promises.
@Suite(.timeLimit(.minutes(3)))
struct SQLiteStoreTests {
  let path = NodePath("/node")

  @Test func `an acknowledged commit is on disk`() async throws {
    try await withFolder { folder in
      let store = try await SQLiteCoordinationStore(folder: folder).openStore()
      let settings = try await store.write {
        [
          try String.fetchOne($0.database, sql: "PRAGMA journal_mode"),
          try String.fetchOne($0.database, sql: "PRAGMA synchronous"),
        ]
      }
      #expect(settings == ["wal", "2"])
    }
  }

  @Test func `what was committed is there after everybody has left`() async throws {
    try await withFolder { folder in
      let first = SQLiteCoordinationStore(folder: folder)
      try await first.openSession().create(path, bytes("kept"))
      try await first.openSession().create(NodePath("/mine"), lifetime: .session)
      await first.close()
      let session = try await SQLiteCoordinationStore(folder: folder).openSession()
      #expect(try await session.read(path)?.text == "kept")
      #expect(try await session.children(of: .root) == ["node"])
      #expect(try sessionFiles(in: folder) == ["\(session.id.rawValue).lock"])
    }
  }

  @Test func `those who died while nobody was there are buried by the next`() async throws {
    let url = try await Backend.sqlite.make()
    let probe = try await Probe(url: url)
    try await probe.must("create /node session")
    probe.kill()
    try await probe.exited()
    let session = try await SQLiteCoordinationStore(folder: folder(of: url)).openSession()
    #expect(try await session.read(path) == nil)
    #expect(session.id != probe.session)
    try await Backend.sqlite.remove(url)
  }

  @Test func `a session that nobody holds any more is over`() async throws {
    try await withFolder { folder in
      let store = SQLiteCoordinationStore(folder: folder)
      let witness = try await store.openSession()
      try await store.openSession().create(path, lifetime: .session)
      #expect(try await witness.watch(path).first { $0 == nil } != nil)
      // Whoever buries the session may be tidying up still.
      await store.close()
    }
  }

  @Test func `closing the store ends its sessions`() async throws {
    try await withFolder { folder in
      let store = SQLiteCoordinationStore(folder: folder)
      let session = try await store.openSession()
      await store.close()
      await session.ended()
      await expect(.sessionEnded) { _ = try await session.read(path) }
      await expect(.unavailable) { _ = try await store.openSession() }
    }
  }

  @Test func `a watch leaves nothing behind`() async throws {
    try await withFolder { folder in
      let store = SQLiteCoordinationStore(folder: folder)
      let session = try await store.openSession()
      let watches = try await store.openStore().watches
      for _ in 0..<10 {
        _ = try await session.watch(path).first { _ in true }
        _ = try await session.watchChildren(of: path).first { _ in true }
      }
      let watching = Task { for try await _ in session.watch(path) {} }
      watching.cancel()
      try await watching.value
      #expect(watches.count == 0)
    }
  }

  @Test func `a watch that slept through the whole ring misses nothing`() async throws {
    try await withFolder { folder in
      let (one, other) = (SQLiteCoordinationStore(folder: folder), SQLiteCoordinationStore(folder: folder))
      let (watcher, writer) = try await (one.openSession(), other.openSession())
      try await writer.create(path)
      var watch = watcher.watch(path).makeAsyncIterator()
      #expect(try await watch.next()??.version == 0)
      for _ in 0..<600 { try await writer.write(path, []) }
      var version: Int?
      while version != 600, let node = try await watch.next() { version = node?.version }
      #expect(version == 600)
    }
  }

  @Test func `concurrent transactions share commits`() async throws {
    try await withFolder { folder in
      let store = SQLiteCoordinationStore(folder: folder)
      let session = try await store.openSession()
      let open = try await store.openStore()
      let before = try await open.write { try Counters(database: $0.database).commits }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<500 { group.addTask { try await session.create(NodePath("/\(index)")) } }
        try await group.waitForAll()
      }
      let after = try await open.write { try Counters(database: $0.database).commits }
      #expect(after - before < 250)
    }
  }

  @Test func `a full disk changes nothing, and is said to be full`() async throws {
    try await withFolder { folder in
      let store = SQLiteCoordinationStore(folder: folder)
      let session = try await store.openSession()
      let open = try await store.openStore()
      try await open.write { try $0.database.execute(sql: "PRAGMA max_page_count = 40") }
      let large = [UInt8](repeating: 1, count: CoordinationLimits.nodeSize)
      await expect(.noSpace) {
        try await session.transaction((0..<20).map { .create(NodePath("/\($0)"), large, .persistent) })
      }
      #expect(try await session.children(of: .root) == [])
      try await open.write { try $0.database.execute(sql: "PRAGMA max_page_count = 100000") }
      try await session.create(path, large)
      #expect(try await session.children(of: .root) == ["node"])
    }
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let url = try await Backend.sqlite.make()
    try await body(folder(of: url))
    try await Backend.sqlite.remove(url)
  }

  private func folder(of url: String) -> String { String(url.dropFirst("sqlite://".count)) }

  private func sessionFiles(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder)/sessions").filter { $0.hasSuffix(".lock") }
  }
}
