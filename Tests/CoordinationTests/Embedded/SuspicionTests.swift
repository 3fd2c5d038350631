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
    #expect(suspicion.isEmpty && suspicion.look(isPauseOver: true) == nil)
    suspicion.add([first, second])
    #expect(suspicion.look(isPauseOver: false) == .at([first, second]))
    suspicion.settle(.at([first, second]), held: [second], now: start)
    // At once it would be the same.
    #expect(suspicion.look(isPauseOver: false) == nil)
    #expect(suspicion.look(isPauseOver: true) == .at([second]))
    suspicion.settle(.at([second]), held: [], now: start)
    #expect(suspicion.isEmpty)
  }

  @Test("are taken to live when their lock stays held") func living() {
    var suspicion = Suspicion()
    suspicion.add([first])
    // The clock begins with the first look, however late it is.
    suspicion.settle(.at([first]), held: [first], now: start)
    // That it is closed again does not begin anew.
    suspicion.add([first, second])
    #expect(suspicion.look(isPauseOver: false) == .at([first, second]))
    suspicion.settle(.at([first, second]), held: [first, second], now: start + .seconds(4))
    suspicion.settle(.at([first, second]), held: [first, second], now: start + .seconds(5))
    #expect(suspicion.look(isPauseOver: true) == .at([second]))
  }

  @Test("are buried also when their file is closed before their lock is free") func lateRelease() async throws {
    let url = try await Backend.sqlite.make()
    let folder = String(url.dropFirst("sqlite://".count))
    let (node, bell) = (NodePath("/node"), NodePath("/bell"))
    let dead = SessionID(rawValue: 999)
    let (store, other) = (SQLiteCoordinationStore(folder: folder), SQLiteCoordinationStore(folder: folder))
    try await store.openSession().create(bell)
    // Locked from the beginning: whoever sees a session whose lock is free buries it. And not open for writing, or its closing
    // would be heard.
    let (aside, file) = ("\(folder)/aside", "\(folder)/sessions/999.lock")
    try Data().write(to: URL(filePath: aside))
    let lock = try #require(try FileLock.now(aside, .silent))
    try FileManager.default.moveItem(atPath: aside, toPath: file)
    try await DatabaseFile.open(inFolder: folder).write { database in
      try SessionTable(database: database).insert(dead)
      try NodeTable(database: database).create(node, [], owner: dead, at: 1)
    }
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

  @Test("are all there are, once more after a pause, when nobody knows who") func everybody() {
    var suspicion = Suspicion()
    suspicion.add([first])
    suspicion.addAll()
    #expect(suspicion.look(isPauseOver: false) == .atAll)
    suspicion.settle(.atAll, held: [first, second], now: start)
    #expect(suspicion.look(isPauseOver: false) == nil)
    #expect(suspicion.look(isPauseOver: true) == .atAll)
    suspicion.settle(.atAll, held: [second], now: start)
    #expect(suspicion.isEmpty)
  }
}
