package import Model
import ObjectStorage

/// Reads a build's log, or a task's, from its first byte on, also while it grows. The bytes before any position never
/// change, so a reader that was cut off goes on where it stopped.
package struct LogReader: Sendable {
  private let repository: SharedRepository
  private let build: BuildID
  private let task: TaskName?

  package init(_ repository: SharedRepository, build: BuildID, task: TaskName? = nil) {
    self.repository = repository
    self.build = build
    self.task = task
  }

  /// - Parameters:
  ///   - offset: how many bytes to leave out at the beginning.
  ///   - follow: whether to wait for more until the build, or the task, has ended.
  ///   - pause: waits between two looks at a log that grows.
  ///   - body: called with one chunk after the other, of 4 MiB at most.
  /// - Throws: ``RepositoryError`` with `notFound`; what `body` throws.
  package func read(
    from offset: Int = 0, follow: Bool = false, pause: () async throws -> Void,
    _ body: ([UInt8]) async throws -> Void
  ) async throws {
    var cursor = Cursor(skipping: offset)
    while true {
      let pieces = try await repository.logPieces(of: build, task: task)
      let complete = try await emit(pieces, &cursor, body)
      guard follow, !complete else { return }
      try await pause()
    }
  }

  /// How many bytes there are now, and whether no more will come. Costs a few bytes of reading, however long the log.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`.
  package func currentLength() async throws -> (bytes: Int, isComplete: Bool) {
    var cursor = Cursor(skipping: Int.max)
    let pieces = try await repository.logPieces(of: build, task: task)
    let isComplete = try await emit(pieces, &cursor) { _ in }
    return (Int.max - cursor.skipping, isComplete)
  }

  /// How far a reader has come.
  private struct Cursor {
    /// Pieces that are finished.
    var done = 0
    /// Bytes of the next piece that were seen.
    var seen = 0
    var endsLine = true
    /// Bytes still to be left out.
    var skipping: Int

    init(skipping offset: Int) {
      skipping = offset
    }
  }

  /// - Returns: whether the log has ended.
  private func emit(
    _ pieces: [LogPiece], _ cursor: inout Cursor, _ body: ([UInt8]) async throws -> Void
  ) async throws -> Bool {
    for piece in pieces.dropFirst(cursor.done) {
      switch piece {
      case .heading(let text):
        try await emit(Array(((cursor.endsLine ? "" : "\n") + text + "\n").utf8), &cursor, body)
      case .sealed(let storage, let size):
        try await emit(storage, upTo: size, &cursor, body)
      case .growing(let storage):
        let size = try await storage.logReader.currentLength(from: cursor.seen)
        try await emit(storage, upTo: size, &cursor, body)
        return false
      case .pending: return false
      }
      cursor.done += 1
      cursor.seen = 0
    }
    return true
  }

  private func emit(
    _ storage: AttemptStorage, upTo size: Int, _ cursor: inout Cursor, _ body: ([UInt8]) async throws -> Void
  ) async throws {
    guard cursor.seen < size else { return }
    // Whole stretches that are to be left out are not read, but for the last byte, which says whether a line ended.
    let skipped = min(cursor.skipping, max(0, size - cursor.seen - 1))
    cursor.seen += skipped
    cursor.skipping -= skipped
    for try await chunk in storage.logReader.read(cursor.seen..<size) {
      try await emit(chunk, &cursor, body)
      cursor.seen += chunk.count
    }
  }

  private func emit(
    _ bytes: [UInt8], _ cursor: inout Cursor, _ body: ([UInt8]) async throws -> Void
  ) async throws {
    guard let last = bytes.last else { return }
    cursor.endsLine = last == UInt8(ascii: "\n")
    let skipped = min(cursor.skipping, bytes.count)
    cursor.skipping -= skipped
    if skipped < bytes.count { try await body(skipped == 0 ? bytes : Array(bytes.dropFirst(skipped))) }
  }
}
