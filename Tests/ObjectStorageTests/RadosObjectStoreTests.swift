import Foundation
import ObjectStorage
import RadosObjectStorage
import Testing

@Suite("A cluster") struct RadosObjectStoreTests {
  private static let isIncluded = Backend.all.contains(.rados)

  @Test("that does not answer is unavailable, in bounded time", .timeLimit(.minutes(1)))
  func silent() async throws {
    let configuration = NSTemporaryDirectory() + "ceph-\(UUID().uuidString).conf"
    try """
    [global]
    fsid = 00000000-0000-0000-0000-000000000001
    mon host = [v2:127.0.0.1:1]
    auth client required = none

    """.write(toFile: configuration, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: configuration) }
    let url = "rados://pool?conf=\(configuration)&name=client.x"
    #expect(await code { _ = try await RadosObjectStore(url: url) } == .unavailable)
  }

  @Test("without a configuration is refused")
  func unknown() async throws {
    let url = "rados://pool?conf=/nonexistent/ceph.conf&name=client.x"
    #expect(await code { _ = try await RadosObjectStore(url: url) } == .refused)
  }

  @Test("refuses a pool that is not there", .enabled(if: isIncluded))
  func noPool() async throws {
    let place = try RadosPlace()
    let start = try #require(place.address.firstIndex(of: "?"))
    let url = "rados://no-such-pool\(place.address[start...])"
    #expect(await code { _ = try await RadosObjectStore(url: url) } == .refused)
  }

  @Test("lets go of readers that are cancelled, and closes after them", .enabled(if: isIncluded))
  func cancelledReaders() async throws {
    try await Backend.rados.withStore { store in
      let bytes = numbered(ObjectLimits.objectSize)
      try await store.put(bytes, at: ObjectKey("object"))
      let readers = (0..<20).map { _ in Task { try await store.read(ObjectKey("object")) } }
      for reader in readers { reader.cancel() }
      for reader in readers {
        switch await reader.result {
        case .success(let read): #expect(read == bytes)
        case .failure(let error): #expect(error is CancellationError)
        }
      }
    }
  }

  @Test("finishes writes of tasks that are cancelled", .enabled(if: isIncluded))
  func cancelledWriter() async throws {
    try await Backend.rados.withStore { store in
      let writer = Task { try await store.put(numbered(1_000), at: ObjectKey("object")) }
      writer.cancel()
      try await writer.value
      #expect(try await store.read(ObjectKey("object")) == numbered(1_000))
    }
  }

  @Test("is unavailable through a store that is closed", .enabled(if: isIncluded))
  func closed() async throws {
    let store = try await RadosPlace().open()
    await store.close()
    #expect(await code { try await store.put([1], at: ObjectKey("a")) } == .unavailable)
    #expect(await code { _ = try await store.read(ObjectKey("a")) } == .unavailable)
  }
}
