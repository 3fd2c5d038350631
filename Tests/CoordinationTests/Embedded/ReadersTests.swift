import Coordination
import GRDB
import Testing

@testable import SQLiteCoordination

@Suite("Readers of one database") struct ReadersTests {
  @Test("do not wait for one another, and are used again") func together() async throws {
    let url = try await Backend.sqlite.make()
    let folder = String(url.dropFirst("sqlite://".count))
    let store = SQLiteCoordinationStore(folder: folder)
    try await store.openSession().create(NodePath("/node"))
    let readers = try Readers(folder: folder)
    var seen: [ObjectIdentifier] = []
    func read(_ depth: Int) throws {
      guard depth > 0 else { return }
      try readers.withReader { reader in
        seen.append(ObjectIdentifier(reader))
        #expect(try reader.inDatabase { try NodeTable(database: $0).children(of: .root) } == ["node"])
        try read(depth - 1)
      }
    }
    try read(8)
    #expect(Set(seen).count == 8)
    let first = Set(seen)
    seen = []
    try read(8)
    #expect(Set(seen) == first)
    // One more shares the one for all others.
    seen = []
    try read(9)
    #expect(seen.last == ObjectIdentifier(readers.first))
    await store.close()
    try await Backend.sqlite.remove(url)
  }
}
