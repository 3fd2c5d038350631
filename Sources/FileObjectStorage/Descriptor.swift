import Glibc

/// An open file, closed at the end of its scope. Its calls block.
struct Descriptor: ~Copyable, Sendable {
  let number: Int32

  /// - Parameter path: relative to `folder`, or to the working directory without one.
  init(_ path: String, in folder: Int32 = AT_FDCWD, flags: Int32, mode: mode_t = 0o640) throws(SystemError) {
    number = unsafe openat(folder, path, flags | O_CLOEXEC, mode)
    if number < 0 { throw SystemError("open") }
  }

  deinit { Glibc.close(number) }

  func size() throws(SystemError) -> Int {
    var status = Glibc.stat()
    guard unsafe fstat(number, &status) == 0 else { throw SystemError("fstat") }
    return status.st_size
  }

  /// The bytes in the range, fewer where the file ends.
  func read(_ range: Range<Int>) throws(SystemError) -> [UInt8] {
    let count = min(range.upperBound, try size()) - range.lowerBound
    guard count > 0 else { return [] }
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let read = unsafe pread(
          number, buffer.baseAddress.map { unsafe $0 + filled }, count - filled, range.lowerBound + filled)
        if read < 0 && errno == EINTR { continue }
        if read < 0 { failure = SystemError("read") }
        if read <= 0 { return }
        filled += read
      }
    }
    if let failure { throw failure }
    return bytes
  }

  func write(_ bytes: [UInt8], offset: Int) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          number, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written, offset + written)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemError("write") }
      written += count
    }
  }

  /// Returns when the file, or the names in the folder, would survive a loss of power.
  func synchronize() throws(SystemError) {
    guard fsync(number) == 0 else { throw SystemError("fsync") }
  }

  /// The same without the file's times.
  func synchronizeData() throws(SystemError) {
    guard fdatasync(number) == 0 else { throw SystemError("fdatasync") }
  }

  /// Locks the file until it is closed, however the process ends.
  ///
  /// - Returns: `false` when another has it locked and `waiting` is `false`.
  func lock(waiting: Bool) throws(SystemError) -> Bool {
    while flock(number, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw SystemError("flock") }
    }
    return true
  }
}
