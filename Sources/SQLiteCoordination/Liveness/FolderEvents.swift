import Coordination
import Foundation
import Glibc

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
  }

  private let descriptor: Int32
  private let watch: Int32

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
    inotify_rm_watch(descriptor, watch)
  }

  /// Starts a thread that calls `handle` with what happens, until the end. Where it answers false, it is called again a
  /// second later, with an overflow: what it could not do then it must not forget.
  func listen(named name: String, handle: @escaping @Sendable (Batch) -> Bool) {
    let thread = Thread { [self] in
      var isDone = true
      var batch = Batch()
      while !batch.isEnd {
        batch = isDone || hasEvents(within: .seconds(1)) ? next() : Batch(overflowed: true)
        batch.overflowed = batch.overflowed || !isDone
        isDone = handle(batch)
      }
    }
    thread.name = name
    thread.start()
  }

  private func hasEvents(within limit: Duration) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, Int32(limit / .milliseconds(1))) > 0
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
