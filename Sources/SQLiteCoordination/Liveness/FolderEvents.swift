import Coordination
import Foundation
import Glibc
import Synchronization

/// Hears of every file in a folder that is closed after it was open for writing, however its process ended. Sleeps in the
/// kernel in between.
final class FolderEvents: Sendable {
  /// What has happened since the last time.
  struct Batch: Sendable {
    var names: Set<String> = []
    /// Some events were lost: anything may have happened.
    var overflowed = false
    /// There will be no more: the listener was stopped, or the folder was removed.
    var isEnd = false
    /// Nothing has happened, but what was not done before is to be tried again.
    var isPauseOver = false
  }

  private static let shortestPause: Duration = .milliseconds(5)
  private static let longestPause: Duration = .seconds(1)

  private struct State {
    var isStopping = false
    var isOver = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let descriptor: Int32
  private let watch: Int32
  private let state = Mutex(State())

  init(of folder: String) throws {
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { throw CoordinationError(errno: errno, opening: "inotify") }
    watch = unsafe inotify_add_watch(descriptor, folder, UInt32(IN_CLOSE_WRITE))
    guard watch >= 0 else {
      let cause = errno
      close(descriptor)
      throw CoordinationError(errno: cause, opening: folder)
    }
  }

  deinit {
    close(descriptor)
  }

  /// Ends the listening. The thread ends a moment later.
  func stop() {
    // The queue of events may have no room for the last one; then there is something to be read at least.
    state.withLock { $0.isStopping = true }
    inotify_rm_watch(descriptor, watch)
  }

  /// Ends the listening, and returns when nobody will be called any more. To be called after ``listen(named:handle:)``.
  func finish() async {
    stop()
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiters.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }

  /// Starts a thread that calls `handle` with what happens, until the end; and after a pause, for the first time and whenever it
  /// has answered false before: some milliseconds later at first, then ever less often, whatever happens meanwhile.
  func listen(named name: String, handle: @escaping @Sendable (Batch) -> Bool) {
    let thread = Thread { [self] in
      var isDone = false
      var batch = Batch()
      var pause = Self.shortestPause
      var due = ContinuousClock.now + pause
      while !batch.isEnd {
        batch = isDone || hasEvents(before: due) ? next() : Batch(isPauseOver: true)
        if state.withLock({ $0.isStopping }) { batch.isEnd = true }
        let wasDone = isDone
        isDone = handle(batch)
        if isDone { pause = Self.shortestPause } else if batch.isPauseOver { pause = min(pause * 2, Self.longestPause) }
        if wasDone || batch.isPauseOver { due = .now + pause }
      }
      let waiters = state.withLock { state in
        state.isOver = true
        defer { state.waiters = [] }
        return state.waiters
      }
      for waiter in waiters { waiter.resume() }
    }
    thread.name = name
    thread.start()
  }

  /// Waits for events. Answers false when there are none in time, and when the time is over already.
  private func hasEvents(before due: ContinuousClock.Instant) -> Bool {
    let limit = due - .now
    guard limit > .zero else { return false }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, Int32(limit / .milliseconds(1)) + 1) > 0
  }

  private func next() -> Batch {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return Batch(isEnd: errno != EINTR) }
    return unsafe buffer.withUnsafeBytes { unsafe Self.parse(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer) -> Batch {
    var batch = Batch()
    var offset = 0
    let header = MemoryLayout<inotify_event>.size
    while offset + header <= bytes.count {
      let event = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      let name = unsafe bytes[(offset + header)..<(offset + header + Int(event.len))].prefix { $0 != 0 }
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { batch.overflowed = true }
      if event.mask & UInt32(IN_IGNORED) != 0 { batch.isEnd = true }
      if unsafe !name.isEmpty { unsafe batch.names.insert(String(decoding: name, as: UTF8.self)) }
      offset += header + Int(event.len)
    }
    return batch
  }
}
