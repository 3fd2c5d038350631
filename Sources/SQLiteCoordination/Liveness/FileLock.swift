import Coordination
import Glibc
import Synchronization

/// A file that this process holds locked. The kernel lets go of it when the process dies; children do not inherit it.
final class FileLock: Sendable {
  enum Access {
    /// Closing it tells those who listen to the folder.
    case announced
    /// For a look: it neither makes the file, nor does anybody hear of it.
    case silent
  }

  private let descriptor: Mutex<Int32?>

  private init(descriptor: Int32) {
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    release()
  }

  /// Closes the file. Does nothing the second time.
  func release() {
    descriptor.withLock { descriptor in
      if let open = descriptor { close(open) }
      descriptor = nil
    }
  }

  /// The lock, or `nil` while somebody else has it.
  ///
  /// - Throws: `noSpace`, `unavailable` or `refused`.
  static func now(_ path: String, _ access: Access = .announced) throws -> FileLock? {
    let flags = access == .announced ? O_RDWR | O_CREAT : O_RDONLY
    while true {
      let descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw CoordinationError(errno: errno, opening: path) }
      let cause = flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
      if cause == 0, access == .silent || isThere(descriptor) { return FileLock(descriptor: descriptor) }
      close(descriptor)
      guard cause == 0 || cause == EWOULDBLOCK else { throw CoordinationError(errno: cause, opening: path) }
      // Somebody has removed the file since it was opened: nobody else would find it locked.
      if cause == EWOULDBLOCK { return nil }
    }
  }

  /// Whether an open file has a name still.
  private static func isThere(_ descriptor: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  /// The lock, or `nil` when somebody else has it all the time. Blocks.
  static func waiting(for path: String, atMost limit: Duration) throws -> FileLock? {
    let end = ContinuousClock.now + limit
    while true {
      if let lock = try now(path) { return lock }
      guard ContinuousClock.now < end else { return nil }
      usleep(1_000)
    }
  }
}

extension CoordinationError {
  /// What it means that a file of the store could not be opened.
  init(errno code: Int32, opening path: String) {
    let cause = unsafe String(cString: strerror(code))
    switch code {
    case ENOENT: self.init(.refused, message: "the folder above \(path) is not there")
    case ENOSPC, EDQUOT: self.init(.noSpace, message: "no room for \(path): \(cause)")
    case EMFILE, ENFILE: self.init(.unavailable, message: "too many open files: raise the limit (\(path))")
    default: self.init(.refused, message: "\(path) cannot be opened: \(cause)")
    }
  }
}
