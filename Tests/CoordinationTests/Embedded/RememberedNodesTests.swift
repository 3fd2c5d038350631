import Coordination
import Foundation
import Testing

@testable import SQLiteCoordination

@Suite("Remembered nodes") struct RememberedNodesTests {
  private let list = NodePath("/list")
  private let other = NodePath("/other")

  @Test("count while nobody commits, and no longer once somebody else has") func foreignCommit() throws {
    try withFolder { folder in
      let (beacon, foreign) = (try CommitBeacon(inFolder: folder), try CommitBeacon(inFolder: folder))
      beacon.reset(toNewest: 7)
      let nodes = RememberedNodes(beacon, newest: 7)
      nodes.keep(["a"], at: list, askedAs: nodes.ask())
      nodes.keep(nil as [String]?, at: other, askedAs: nodes.ask())
      #expect(nodes.names(at: list) == ["a"])
      #expect(nodes.names(at: other) == nil)
      let light = foreign.begin()
      #expect(nodes.names(at: list) == nil && nodes.ask() == nil && nodes.newest == nil)
      foreign.end(light, newest: 8)
      #expect(nodes.names(at: list) == nil && nodes.ask() == nil && nodes.newest == 8)
      nodes.learn(changes(other / "b"), upTo: 8)
      #expect(nodes.names(at: list) == ["a"] && nodes.ask() != nil)
      nodes.learn(changes(list / "b"), upTo: 8)
      #expect(nodes.names(at: list) == nil)
    }
  }

  @Test("that a commit of one's own leaves alone count during it, and all after it") func ownCommit() throws {
    try withFolder { folder in
      let nodes = RememberedNodes(try CommitBeacon(inFolder: folder), newest: 0)
      for path in [list, other] { nodes.keep([], at: path, askedAs: nodes.ask()) }
      let commit = commit(1, [.created(list / "a", node("1"))])
      nodes.begin(commit)
      #expect(nodes.names(at: list) == nil && nodes.names(at: other) == [])
      // What is read now may be from before the commit, or from after it.
      nodes.keep([], at: list, askedAs: nodes.ask())
      nodes.end(commit)
      #expect(nodes.known == 1)
      #expect(nodes.names(at: list) == ["a"] && nodes.names(at: other) == [])
      #expect(nodes.node(at: list / "a") == node("1"))
    }
  }

  @Test("do not count during an own commit that is not the next one after what is known")
  func ownCommitAfterUnknown() throws {
    try withFolder { folder in
      let (beacon, foreign) = (try CommitBeacon(inFolder: folder), try CommitBeacon(inFolder: folder))
      let nodes = RememberedNodes(beacon, newest: 0)
      nodes.keep([], at: list, askedAs: nodes.ask())
      foreign.end(foreign.begin(), newest: 1)
      let commit = commit(2, [.created(other / "a", node("1"))])
      nodes.begin(commit)
      #expect(nodes.names(at: list) == nil)
      nodes.end(commit)
      #expect(nodes.known == 0 && nodes.names(at: list) == nil)
      nodes.learn(changes(list / "a"), upTo: 2)
      #expect(nodes.known == 2 && nodes.names(at: list) == nil)
      #expect(nodes.node(at: other / "a") == nil)
    }
  }

  @Test("do not come back from before another's commit that is learnt of during one's own") func lateNews() throws {
    try withFolder { folder in
      let (beacon, foreign) = (try CommitBeacon(inFolder: folder), try CommitBeacon(inFolder: folder))
      let nodes = RememberedNodes(beacon, newest: 0)
      nodes.keep([], at: list, askedAs: nodes.ask())
      foreign.end(foreign.begin(), newest: 1)
      let commit = commit(2, [.created(list / "b", node("1"))])
      nodes.begin(commit)
      nodes.learn(changes(list / "a"), upTo: 1)
      nodes.end(commit)
      #expect(nodes.known == 2 && nodes.names(at: list) == nil)
    }
  }

  @Test("that were read before a commit and kept after it are not kept") func overtakenAnswer() throws {
    try withFolder { folder in
      let nodes = RememberedNodes(try CommitBeacon(inFolder: folder), newest: 0)
      let question = nodes.ask()
      let commit = commit(1, [.created(list / "a", node("1"))])
      nodes.begin(commit)
      nodes.end(commit)
      nodes.keep([], at: list, askedAs: question)
      #expect(nodes.names(at: list) == nil)
    }
  }

  @Test("count again after somebody died while committing, with the next commit") func deadCommitter() throws {
    try withFolder { folder in
      let (beacon, dead) = (try CommitBeacon(inFolder: folder), try CommitBeacon(inFolder: folder))
      let nodes = RememberedNodes(beacon, newest: 0)
      nodes.keep([], at: list, askedAs: nodes.ask())
      let late = dead.begin()
      #expect(nodes.names(at: list) == nil)
      let commit = commit(1, [.created(other / "a", node("1"))])
      nodes.begin(commit)
      // One that was not dead, but slow, and whose commit failed or was the one before, changes nothing now.
      dead.end(late, newest: 99)
      #expect(nodes.names(at: list) == [])
      nodes.end(commit)
      #expect(nodes.names(at: list) == [] && nodes.newest == 1)
    }
  }

  @Test("follow the commits of one's own step by step") func steps() throws {
    try withFolder { folder in
      let nodes = RememberedNodes(try CommitBeacon(inFolder: folder), newest: 0)
      var number: Int64 = 0
      func make(_ steps: [NodeStep]) {
        number += 1
        let commit = commit(number, steps)
        nodes.begin(commit)
        nodes.end(commit)
      }
      nodes.keep(["b", "d"], at: list, askedAs: nodes.ask())
      nodes.keep(node("", children: 2), at: list, askedAs: nodes.ask())
      make([.created(list / "c", node("1")), .created(list / "a", node("1")), .created(list / "e", node("1"))])
      #expect(nodes.names(at: list) == ["a", "b", "c", "d", "e"])
      #expect(nodes.node(at: list) == node("", children: 5))
      make([.written(list / "a", bytes("2"), modified: 7), .written(list / "b", bytes("2"), modified: 7)])
      #expect(nodes.node(at: list / "a") == Node(data: bytes("2"), version: 1, created: 1, modified: 7))
      // Nothing is known of it but what was written.
      #expect(nodes.node(at: list / "b") == nil)
      make([.deleted(list / "c"), .created(list / "c", node("3")), .deleted(list / "e"), .deleted(list / "b")])
      #expect(nodes.names(at: list) == ["a", "c", "d"] && nodes.node(at: list)?.childCount == 3)
      #expect(nodes.node(at: list / "c") == node("3") && nodes.node(at: list / "e") == nil)
      make([.deleted(list / "a"), .deleted(list / "c"), .deleted(list / "d"), .deleted(list)])
      #expect(nodes.names(at: list) == nil && nodes.node(at: list) == nil)
    }
  }

  @Test("that a commit of one's own was to change are forgotten when it fails") func failedCommit() throws {
    try withFolder { folder in
      let nodes = RememberedNodes(try CommitBeacon(inFolder: folder), newest: 0)
      nodes.keep([], at: list, askedAs: nodes.ask())
      nodes.keep(["b"], at: other, askedAs: nodes.ask())
      nodes.begin(commit(1, [.created(list / "a", node("1"))]))
      #expect(nodes.names(at: list) == nil && nodes.names(at: other) == ["b"])
      // It has failed; the next one takes its number.
      let next = commit(1, [.deleted(other / "b")])
      nodes.begin(next)
      nodes.end(next)
      #expect(nodes.names(at: list) == nil && nodes.names(at: other) == [])
      #expect(nodes.node(at: list / "a") == nil)
    }
  }

  @Test("are forgotten after others' commits: what was written, and the parents of what came or went")
  func learned() throws {
    try withFolder { folder in
      let nodes = RememberedNodes(try CommitBeacon(inFolder: folder), newest: 0)
      for path in [list, list / "a", other, other / "b"] {
        nodes.keep(node("1"), at: path, askedAs: nodes.ask())
        nodes.keep([], at: path, askedAs: nodes.ask())
      }
      var changes = changes(list / "a")
      changes.insert(other / "b", isStructural: false)
      nodes.learn(changes, upTo: 0)
      #expect(nodes.node(at: list) == nil && nodes.node(at: list / "a") == nil)
      #expect(nodes.names(at: list) == nil && nodes.names(at: list / "a") == nil)
      #expect(nodes.node(at: other) != nil && nodes.node(at: other / "b") == nil)
      #expect(nodes.names(at: other) == [] && nodes.names(at: other / "b") == [])
    }
  }

  @Test("are no more than a few thousand, and a few megabytes") func bounded() throws {
    var memory = NodeMemory()
    let large = Node(data: [UInt8](repeating: 0, count: 16 * 1024), version: 0, created: 1, modified: 1)
    for number in 0..<10_000 { memory.set(number < 5_000 ? node("1") : large, at: list / String(number)) }
    let kept = (0..<10_000).filter { memory.node(at: list / String($0)) != nil }
    #expect(kept.last == 9_999 && kept.count <= 256)
    let names = (0..<1_000).map { String(1_000 + $0) }
    for number in 0..<100 { memory.set(names, at: list / String(number)) }
    let lists = (0..<100).filter { memory.names(at: list / String($0)) != nil }
    #expect(lists.last == 99 && lists.count <= 30)
    memory.set((0..<50_000).map { String(10_000 + $0) }, at: other)
    #expect(memory.names(at: other) == nil && memory.names(at: list / "99") == names)
    for number in 0..<5_000 { memory.set([], at: list / String(number)) }
    #expect((0..<5_000).filter { memory.names(at: list / String($0)) != nil }.count <= 1_000)
  }

  @Test("of a commit that changed too much to tell are all forgotten") func everything() throws {
    try withFolder { folder in
      let nodes = RememberedNodes(try CommitBeacon(inFolder: folder), newest: 0)
      nodes.keep([], at: list, askedAs: nodes.ask())
      let commit = Commit(number: 1, changes: .everything)
      nodes.begin(commit)
      nodes.end(commit)
      #expect(nodes.names(at: list) == nil)
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
    var (generator, hits, names, data) = (SystemRandomNumberGenerator(), 0, [String](), [UInt8]())
    for round in 0..<600 {
      let session = sessions[Int.random(in: 0..<2, using: &generator)]
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        names.append("n\(1_000 + round)")
        try await session.create(list / "n\(1_000 + round)")
      case 1 where !names.isEmpty: try await session.delete(list / names.removeFirst())
      case 2:
        data = bytes("\(round)")
        try await session.write(list, data)
      default: break
      }
      for reader in sessions {
        let node = try #require(try await reader.read(list))
        #expect(node.childCount == names.count && node.data == data)
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

  private func node(_ text: String, children: Int = 0) -> Node {
    Node(data: bytes(text), version: 0, created: 1, modified: 1, childCount: children)
  }

  private func commit(_ number: Int64, _ steps: [NodeStep]) -> Commit {
    var changes = ChangedPaths()
    for step in steps {
      switch step {
      case .created(let path, _), .deleted(let path): changes.insert(path, isStructural: true)
      case .written(let path, _, _): changes.insert(path, isStructural: false)
      }
    }
    return Commit(number: number, changes: changes, steps: steps)
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
