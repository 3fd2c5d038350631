import Glibc

/// The bytes of a regular file, in chunks of 1 MiB at most.
struct FileChunks: AsyncSequence, Sendable {
  typealias Element = [UInt8]

  private static let chunkSize = 1 << 20

  private let file: OpenFile

  /// - Parameter path: its last component is not followed when it is a symbolic link.
  /// - Throws: ``FileError``.
  init(path: String) async throws {
    file = try await BlockingCalls.run { try OpenFile(reading: path) }
  }

  func makeAsyncIterator() -> Iterator { Iterator(file: file) }

  struct Iterator: AsyncIteratorProtocol {
    let file: OpenFile

    func next() async throws -> [UInt8]? {
      let chunk = try await BlockingCalls.run { [file] in try file.read(FileChunks.chunkSize) }
      return chunk.isEmpty ? nil : chunk
    }
  }
}
