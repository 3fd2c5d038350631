import Subprocess

/// An archive while it is made, in chunks of a pipe's size.
struct ArchiveChunks: AsyncSequence {
  typealias Element = [UInt8]

  private let output: SubprocessOutputSequence

  init(_ output: SubprocessOutputSequence) {
    self.output = output
  }

  func makeAsyncIterator() -> Iterator { Iterator(output: output.makeAsyncIterator()) }

  struct Iterator: AsyncIteratorProtocol {
    var output: SubprocessOutputSequence.Iterator

    mutating func next() async throws -> [UInt8]? {
      try await output.next().map { buffer in unsafe buffer.withUnsafeBytes { unsafe Array($0) } }
    }
  }
}
