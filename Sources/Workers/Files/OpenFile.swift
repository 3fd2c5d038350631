import Glibc

/// An open file, which is closed when nobody uses it any more. Its calls block: for ``BlockingCalls``.
final class OpenFile: Sendable {
  private let path: String
  private let descriptor: Int32

  /// Opens a file to read it from its beginning.
  init(reading path: String) throws(FileError) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError("opening", path) }
  }

  /// The same for a path that need not be text.
  ///
  /// - Parameter path: ends with a zero.
  init(reading path: [CChar]) throws(FileError) {
    self.path = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError("opening", self.path) }
  }

  /// Makes a file that is not there.
  init(creating path: String, mode: mode_t) throws(FileError) {
    self.path = path
    descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError("creation", path) }
    guard fchmod(descriptor, mode) == 0 else { throw FileError("chmod", path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The next bytes, fewer at the end; none behind it.
  func read(_ count: Int) throws(FileError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    while true {
      let found = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if found < 0 && errno == EINTR { continue }
      guard found >= 0 else { throw FileError("reading", path) }
      return found == count ? buffer : Array(buffer[..<found])
    }
  }

  func write(_ bytes: [UInt8]) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError("writing", path) }
      rest = rest.dropFirst(count)
    }
  }
}
