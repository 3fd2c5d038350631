import Coordination
import Foundation
import GRDB
import Testing

@testable import SQLiteCoordination

@Suite("Suspected sessions", .timeLimit(.minutes(1))) struct SuspicionTests {
  private let first = SessionID(rawValue: 1)
  private let second = SessionID(rawValue: 2)
  private let start = ContinuousClock.now

  @Test("are looked at until their lock is free") func locked() {
    var suspicion = Suspicion()
    #expect(suspicion.isEmpty)
    suspicion.add([first, second], now: start)
    #expect(Set(suspicion.suspects ?? []) == [first, second])
    suspicion.settle(held: [second], now: start)
    #expect(suspicion.suspects == [second])
    suspicion.settle(held: [], now: start)
    #expect(suspicion.isEmpty)
  }

  @Test("are taken to live when their lock stays held") func living() {
    var suspicion = Suspicion()
    suspicion.add([first], now: start)
    suspicion.settle(held: [first], now: start + .seconds(1))
    // That it is closed again does not begin anew.
    suspicion.add([first, second], now: start + .seconds(4))
    suspicion.settle(held: [first, second], now: start + .seconds(5))
    #expect(suspicion.suspects == [second])
  }

  @Test("are buried also when their file is closed before their lock is free") func lateRelease() async throws {
    let url = try await Backend.sqlite.make()
    let folder = String(url.dropFirst("sqlite://".count))
    let (node, bell) = (NodePath("/node"), NodePath("/bell"))
    let dead = SessionID(rawValue: 999)
    let (store, other) = (SQLiteCoordinationStore(folder: folder), SQLiteCoordinationStore(folder: folder))
    try await store.openSession().create(bell)
    try await DatabaseFile.open(inFolder: folder).write { database in
      try SessionTable(database: database).insert(dead)
      try NodeTable(database: database).create(node, [], owner: dead, at: 1)
    }
    let file = "\(folder)/sessions/999.lock"
    try Data().write(to: URL(filePath: file))
    let lock = try #require(try FileLock.now(file, .silent))
    let witness = try await other.openSession()
    try #require(FileHandle(forWritingAtPath: file)).close()
    // When it has heard of the second of these, it has looked at the session.
    var bells = witness.watch(bell).makeAsyncIterator()
    for version in 0...2 {
      #expect(try await bells.next()??.version == version)
      try await store.openSession().write(bell, [])
    }
    #expect(try await witness.read(node) != nil)
    // Nobody hears of this.
    lock.release()
    #expect(try await witness.watch(node).first { $0 == nil } != nil)
    await store.close()
    await other.close()
    try await Backend.sqlite.remove(url)
  }

  @Test("are all there are, twice, when nobody knows who") func everybody() {
    var suspicion = Suspicion()
    suspicion.add([first], now: start)
    suspicion.addAll()
    #expect(suspicion.suspects == nil)
    suspicion.settle(held: [first, second], now: start)
    #expect(suspicion.suspects == nil && !suspicion.isEmpty)
    suspicion.settle(held: [second], now: start)
    #expect(suspicion.isEmpty)
  }
}
