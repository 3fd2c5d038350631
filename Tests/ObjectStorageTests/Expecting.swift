import ObjectStorage
import Testing

/// The code of what the work throws; an issue when it does not.
func code(
  _ sourceLocation: SourceLocation = #_sourceLocation, of work: () async throws -> Void
) async -> ObjectStoreError.Code? {
  let error = await #expect(throws: ObjectStoreError.self, sourceLocation: sourceLocation) { try await work() }
  return error?.code
}

/// Bytes that differ from place to place, so that one that is out of place shows.
func numbered(_ count: Int) -> [UInt8] {
  let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + block.count)
  while bytes.count < count { bytes += block }
  bytes.removeLast(bytes.count - count)
  return bytes
}

/// The bytes in chunks of the size.
struct Chunks: AsyncSequence, AsyncIteratorProtocol {
  private var rest: ArraySlice<UInt8>
  private let size: Int

  init(_ bytes: [UInt8], of size: Int) {
    rest = bytes[...]
    self.size = size
  }

  mutating func next() async -> [UInt8]? {
    if rest.isEmpty { return nil }
    defer { rest = rest.dropFirst(size) }
    return Array(rest.prefix(size))
  }

  func makeAsyncIterator() -> Chunks { self }
}

extension AsyncSequence where Element == [UInt8] {
  func joined() async throws -> [UInt8] {
    try await reduce(into: []) { $0 += $1 }
  }
}
