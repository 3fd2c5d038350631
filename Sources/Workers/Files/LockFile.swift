import Glibc

/// A file that this process holds locked. The kernel lets go of it when the process dies, however it does.
final class LockFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// Creates and locks a file that is not there. Blocks briefly.
  ///
  /// - Returns: `nil` when the file is there already, or somebody took it in the same moment.
  /// - Throws: ``FileError``.
  static func create(_ path: String) throws(FileError) -> LockFile? {
    let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor < 0 && errno == EEXIST { return nil }
    guard descriptor >= 0 else { throw FileError("creation", path) }
    return LockFile(locking: descriptor, path)
  }

  /// Locks a file whose owner is dead.
  ///
  /// - Returns: `nil` when its owner lives, or the file is gone.
  static func takeOver(_ path: String) -> LockFile? {
    let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    return descriptor < 0 ? nil : LockFile(locking: descriptor, path)
  }

  private init?(locking descriptor: Int32, _ path: String) {
    self.path = path
    self.descriptor = descriptor
    var status = stat()
    // Who cleans up may have locked it first, and removed it since: such a lock keeps nobody away.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
      return nil
    }
  }

  /// Removes the file while it is still locked.
  func remove() {
    _ = unsafe unlink(path)
  }

  deinit {
    close(descriptor)
  }
}
