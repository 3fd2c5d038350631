import Coordination
import Foundation
import Testing

@testable import SQLiteCoordination

@Suite("Remembered lists") struct RememberedListsTests {
  private let list = NodePath("/list")
  private let other = NodePath("/other")

  @Test("count while nobody commits, and no longer once somebody else has") func foreignCommit() throws {
    try withFolder { folder in
      let (beacon, foreign) = (try CommitBeacon(inFolder: folder), try CommitBeacon(inFolder: folder))
      beacon.reset(toNewest: 7)
      let lists = RememberedLists(beacon, newest: 7)
      lists.keep(["a"], at: list, askedAs: lists.ask())
      lists.keep(nil, at: other, askedAs: lists.ask())
      #expect(lists.names(at: list) == ["a"])
      #expect(lists.names(at: other) == nil)
      let light = foreign.begin()
      #expect(lists.names(at: list) == nil && lists.ask() == nil && lists.newest == nil)
      foreign.end(light, newest: 8)
      #expect(lists.names(at: list) == nil && lists.ask() == nil && lists.newest == 8)
      lists.learn(changes(other / "b"), upTo: 8)
      #expect(lists.names(at: list) == ["a"] && lists.ask() != nil)
      lists.learn(changes(list / "b"), upTo: 8)
      #expect(lists.names(at: list) == nil)
    }
  }

  @Test("of other nodes count during a commit of one's own, and after it") func ownCommit() throws {
    try withFolder { folder in
      let lists = RememberedLists(try CommitBeacon(inFolder: folder), newest: 0)
      for path in [list, other] { lists.keep([], at: path, askedAs: lists.ask()) }
      let commit = Commit(number: 1, changes: changes(list / "a"))
      lists.begin(commit)
      #expect(lists.names(at: list) == nil && lists.names(at: other) == [])
      // What is read now may be from before the commit, or from after it.
      lists.keep([], at: list, askedAs: lists.ask())
      lists.end(commit)
      #expect(lists.known == 1)
      #expect(lists.names(at: list) == nil && lists.names(at: other) == [])
    }
  }

  @Test("do not count during an own commit that is not the next one after what is known")
  func ownCommitAfterUnknown() throws {
    try withFolder { folder in
      let (beacon, foreign) = (try CommitBeacon(inFolder: folder), try CommitBeacon(inFolder: folder))
      let lists = RememberedLists(beacon, newest: 0)
      lists.keep([], at: list, askedAs: lists.ask())
      foreign.end(foreign.begin(), newest: 1)
      let commit = Commit(number: 2, changes: changes(other / "a"))
      lists.begin(commit)
      #expect(lists.names(at: list) == nil)
      lists.end(commit)
      #expect(lists.known == 0 && lists.names(at: list) == nil)
      lists.learn(changes(list / "a"), upTo: 2)
      #expect(lists.known == 2 && lists.names(at: list) == nil)
    }
  }

  @Test("that were read before a commit and kept after it are not kept") func overtakenAnswer() throws {
    try withFolder { folder in
      let lists = RememberedLists(try CommitBeacon(inFolder: folder), newest: 0)
      let question = lists.ask()
      let commit = Commit(number: 1, changes: changes(list / "a"))
      lists.begin(commit)
      lists.end(commit)
      lists.keep([], at: list, askedAs: question)
      #expect(lists.names(at: list) == nil)
    }
  }

  @Test("count again after somebody died while committing, with the next commit") func deadCommitter() throws {
    try withFolder { folder in
      let (beacon, dead) = (try CommitBeacon(inFolder: folder), try CommitBeacon(inFolder: folder))
      let lists = RememberedLists(beacon, newest: 0)
      lists.keep([], at: list, askedAs: lists.ask())
      let late = dead.begin()
      #expect(lists.names(at: list) == nil)
      let commit = Commit(number: 1, changes: changes(other / "a"))
      lists.begin(commit)
      // One that was not dead, but slow, and whose commit failed or was the one before, changes nothing now.
      dead.end(late, newest: 99)
      #expect(lists.names(at: list) == [])
      lists.end(commit)
      #expect(lists.names(at: list) == [] && lists.newest == 1)
    }
  }

  @Test("of a commit that changed too much to tell are all forgotten") func everything() throws {
    try withFolder { folder in
      let lists = RememberedLists(try CommitBeacon(inFolder: folder), newest: 0)
      lists.keep([], at: list, askedAs: lists.ask())
      let commit = Commit(number: 1, changes: .everything)
      lists.begin(commit)
      lists.end(commit)
      #expect(lists.names(at: list) == nil)
    }
  }

  @Test("are never older than the database, whoever of two processes changes what") func twoProcesses() async throws {
    let url = try await Backend.sqlite.make()
    let folder = String(url.dropFirst("sqlite://".count))
    let stores = [SQLiteCoordinationStore(folder: folder), SQLiteCoordinationStore(folder: folder)]
    var sessions: [any CoordinationSession] = []
    for store in stores { sessions.append(try await store.openSession()) }
    // Only who watches anything hears of others' commits.
    let watches = sessions.map { session in
      Task { for try await _ in session.watch(list) {} }
    }
    try await sessions[0].create(list)
    var (generator, hits, names) = (SystemRandomNumberGenerator(), 0, [String]())
    for round in 0..<600 {
      let session = sessions[Int.random(in: 0..<2, using: &generator)]
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        names.append("n\(1_000 + round)")
        try await session.create(list / "n\(1_000 + round)")
      case 1 where !names.isEmpty: try await session.delete(list / names.removeFirst())
      case 2: try await session.write(list, [])
      default: break
      }
      for reader in sessions {
        if let known = reader.rememberedChildren(of: list) {
          hits += 1
          #expect(known == names)
        }
        #expect(try await reader.settledChildren(of: list) == names)
      }
    }
    #expect(hits > 0)
    for watch in watches { watch.cancel() }
    for store in stores { await store.close() }
    try await Backend.sqlite.remove(url)
  }

  @Test("keep no change from anybody, whatever the beacon showed before", arguments: [-1, 0, 3, 1 << 40] as [Int64])
  func nonsense(_ light: Int64) async throws {
    let url = try await Backend.sqlite.make()
    let folder = String(url.dropFirst("sqlite://".count))
    let first = SQLiteCoordinationStore(folder: folder)
    try await first.openSession().create(list)
    await first.close()
    let file = URL(filePath: "\(folder)/newest-commit")
    try Data((0..<8).map { UInt8(truncatingIfNeeded: light >> (8 * $0)) }).write(to: file)
    let (writing, watching) = (SQLiteCoordinationStore(folder: folder), SQLiteCoordinationStore(folder: folder))
    let (writer, watcher) = (try await writing.openSession(), try await watching.openSession())
    var changes = watcher.watchChildren(of: list).makeAsyncIterator()
    #expect(try await changes.next() == [])
    try await writer.create(list / "a")
    #expect(try await changes.next() == ["a"])
    #expect(try await watcher.settledChildren(of: list) == ["a"])
    await writing.close()
    await watching.close()
    try await Backend.sqlite.remove(url)
  }

  private func changes(_ path: NodePath) -> ChangedPaths {
    var changes = ChangedPaths()
    changes.insert(path, isStructural: true)
    return changes
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("distci-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }
}
