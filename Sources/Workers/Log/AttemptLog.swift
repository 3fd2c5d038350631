import ObjectStorage
package import SharedRepository

/// What an attempt writes for people to read: buffered, stored in stretches, and cut at a limit. A log that nobody writes
/// to leaves no object.
///
/// Several tasks may write; each call is one stretch of the log. Cancelling the caller does not keep back what it wrote.
package actor AttemptLog {
  /// 256 MiB.
  package static let defaultLimit = 256 << 20

  /// Enough to be worth an object write.
  private static let flushSize = 64 << 10
  /// How long a byte may wait when little is written: who follows the log sees it within that.
  private static let flushDelay = Duration.milliseconds(200)

  private let limit: Int
  private let clock: any Clock<Duration>
  private var blob: GrowingBlob
  private var buffer: [UInt8] = []
  private var kept = 0
  private var dropped = 0
  private var endsLine = true
  private var isClosed = false
  private var failure: (any Error)?
  /// Waits for the moment at which the buffer is stored. There is one only while there is something to store.
  private var timer: Task<Void, Never>?
  /// Stores a stretch. At most one at a time, as a log has one writer.
  private var storing: Task<Void, Never>?

  /// - Parameters:
  ///   - limit: how many bytes are kept; the beginning is.
  ///   - clock: measures how long a byte may wait.
  package init(
    storage: AttemptStorage, limit: Int = defaultLimit, clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.limit = limit
    self.clock = clock
    blob = storage.log
  }

  /// Appends bytes as they are. Returns once few enough of them wait to be stored, so that a fast command is held up by a
  /// slow store and memory stays bounded.
  ///
  /// - Throws: why the store failed, also when an earlier write did. What follows is lost then.
  package func write(_ bytes: some Collection<UInt8>) async throws {
    precondition(!isClosed, "a log that was closed is not written to")
    let taken = bytes.prefix(limit - kept)
    kept += taken.count
    dropped += bytes.count - taken.count
    append(taken)
    while buffer.count >= Self.flushSize { await flush() }
    if let failure { throw failure }
    if !buffer.isEmpty { startTimer() }
  }

  /// Appends a line of our own, on a line of its own. Control characters of the text are replaced.
  package func line(_ text: String) async throws {
    try await write(Array(((endsLine ? "" : "\n") + Self.printable(text) + "\n").utf8))
  }

  /// Stores what is left. Nothing may be written afterwards.
  ///
  /// - Returns: the bytes of the log.
  /// - Throws: why the store failed, also when an earlier write did.
  package func close() async throws -> Int {
    isClosed = true
    if dropped > 0 { append(Array(cutMarker.utf8)) }
    dropped = 0
    timer?.cancel()
    while storing != nil || !buffer.isEmpty { await flush() }
    if let failure { throw failure }
    return blob.length
  }

  private var cutMarker: String {
    (endsLine ? "" : "\n") + "[log cut: \(dropped) more bytes were not kept; the limit is \(limit) bytes]\n"
  }

  private func append(_ bytes: some Collection<UInt8>) {
    guard failure == nil, !bytes.isEmpty else { return }
    buffer += bytes
    endsLine = buffer.last == UInt8(ascii: "\n")
  }

  private func startTimer() {
    guard timer == nil, failure == nil, !isClosed else { return }
    timer = Task { [clock] in
      // Cancelled by the flush that it was to start.
      guard (try? await clock.sleep(for: Self.flushDelay)) != nil else { return }
      await flush()
    }
  }

  /// Stores the buffer, after the stretch that is being stored.
  private func flush() async {
    if let storing { return await storing.value }
    timer?.cancel()
    timer = nil
    guard !buffer.isEmpty else { return }
    let bytes = buffer
    buffer = []
    // Unstructured, because a caller that is cancelled must not keep back the last words of what it runs.
    let task = Task { await store(bytes) }
    storing = task
    await task.value
  }

  private func store(_ bytes: [UInt8]) async {
    var next = blob
    do {
      try await next.append(bytes)
    } catch {
      failure = error
      buffer = []
    }
    blob = next
    storing = nil
    // What was written meanwhile waits no longer than the rest.
    if !buffer.isEmpty { startTimer() }
  }

  private static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
  }
}
