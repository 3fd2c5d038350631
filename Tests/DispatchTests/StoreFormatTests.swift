import Coordination
import SharedRepository
import TestStores
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StoreFormatTests {
  @Test("Stores of the version before are taken over, so that its programs open them no more", arguments: StorePair.all)
  func takenOver(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let session = workshop.observer.session
      try await session.write(NodeMap.format, Array(String(NodeMap.earlierVersion).utf8))
      try await workshop.repository.open()
      #expect(try await session.read(NodeMap.format)?.data == Array(String(NodeMap.formatVersion).utf8))
      for other in ["1", "4", ""] {
        try await session.write(NodeMap.format, Array(other.utf8))
        let error = await #expect(throws: RepositoryError.self) { try await workshop.repository.open() }
        #expect(error?.code == .conflict)
        #expect(try await session.read(NodeMap.format)?.data == Array(other.utf8))
      }
    }
  }
}
