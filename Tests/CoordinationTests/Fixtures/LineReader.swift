import Foundation

/// The lines of a pipe, in turn.
final class LineReader: Sendable {
  private let lines: AsyncStream<String>

  /// Reads on a thread of its own, until the other end is closed.
  init(_ handle: FileHandle) {
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    self.lines = lines
    let descriptor = handle.fileDescriptor
    Thread.detachNewThread {
      let handle = FileHandle(fileDescriptor: dup(descriptor), closeOnDealloc: true)
      var pending = Data()
      while true {
        let more = handle.availableData
        if more.isEmpty { break }
        pending += more
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
          continuation.yield(String(decoding: pending[..<end], as: UTF8.self))
          pending = Data(pending[(end + 1)...])
        }
      }
      continuation.finish()
    }
  }

  /// - Throws: ``EndOfOutput`` when there is none left.
  func next() async throws -> String {
    for await line in lines { return line }
    throw EndOfOutput()
  }

  struct EndOfOutput: Error {}
}
