import Glibc

/// What a directory holds, without `.` and `..`. Names are bytes that end with a zero: they need not be text.
struct DirectoryEntries {
  private(set) var directories: [[CChar]] = []
  /// All but directories.
  private(set) var others: [[CChar]] = []

  /// Blocks: for ``BlockingCalls``.
  ///
  /// - Parameters:
  ///   - descriptor: of the directory; it stays open.
  ///   - path: for the error.
  init(_ descriptor: Int32, path: String) throws(FileError) {
    let own = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0 else { throw FileError("opening", path) }
    guard let stream = unsafe fdopendir(own) else {
      let number = errno
      close(own)
      throw FileError("reading", path, number)
    }
    defer { unsafe closedir(stream) }
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      guard let field = unsafe entry.pointer(to: \.d_name) else { continue }
      let name = unsafe Self.name(UnsafeRawPointer(field))
      if name == [0x2E, 0] || name == [0x2E, 0x2E, 0] { continue }
      if unsafe Self.isDirectory(name, type: Int(entry.pointee.d_type), in: descriptor) {
        directories.append(name)
      } else {
        others.append(name)
      }
    }
    guard errno == 0 else { throw FileError("reading", path) }
  }

  private static func name(_ start: UnsafeRawPointer) -> [CChar] {
    let text = unsafe start.assumingMemoryBound(to: CChar.self)
    return unsafe Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
  }

  /// Not every file system tells the type.
  private static func isDirectory(_ name: [CChar], type: Int, in descriptor: Int32) -> Bool {
    guard type == Int(DT_UNKNOWN) else { return type == Int(DT_DIR) }
    var status = stat()
    return unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
