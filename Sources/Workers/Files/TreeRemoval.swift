import Glibc

/// Removes a directory with all that is in it, however deep, also where a command took away its own permissions.
///
/// Names are only ever looked up in an open directory: no path grows too long, and no symbolic link is followed. One
/// directory is open at a time, so that depth costs no descriptors; the way up is `..`, and is checked. Blocks: for
/// ``BlockingCalls``.
struct TreeRemoval {
  /// A directory on the way to the open one.
  private struct Level {
    var name: [CChar]
    var device: dev_t
    var inode: ino_t
    /// Directories in it that are still to be removed.
    var waiting: [[CChar]]
  }

  private let path: String
  private var current: Int32
  private var levels: [Level] = []
  private var failure: FileError?

  /// - Throws: ``FileError``, the first one; what can be removed is removed all the same.
  static func remove(_ path: String) throws(FileError) {
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
    let descriptor = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw FileError("opening", parent)
    }
    var removal = TreeRemoval(path: path, current: descriptor)
    defer { close(removal.current) }
    try removal.run(name.utf8.map { CChar(bitPattern: $0) } + [0])
  }

  private init(path: String, current: Int32) {
    self.path = path
    self.current = current
  }

  private mutating func run(_ root: [CChar]) throws(FileError) {
    if unsafe unlinkat(current, root, 0) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw FileError("removal", path) }
    let top = try status()
    levels = [Level(name: root, device: top.st_dev, inode: top.st_ino, waiting: [])]
    enter(root)
    while levels.count > 1 {
      if let next = levels[levels.count - 1].waiting.popLast() { enter(next) } else { try leave() }
    }
    if let failure { throw failure }
  }

  /// Goes down into a directory and removes its files.
  private mutating func enter(_ name: [CChar]) {
    do {
      let child = try openDirectory(name)
      close(current)
      current = child
      let status = try status()
      levels.append(Level(name: name, device: status.st_dev, inode: status.st_ino, waiting: []))
      let entries = try DirectoryEntries(current, path: path)
      for file in entries.others where unsafe unlinkat(current, file, 0) != 0 && errno != ENOENT {
        note(FileError("removal", path))
      }
      levels[levels.count - 1].waiting = entries.directories
    } catch {
      note(error)
    }
  }

  /// Goes back up, and removes the directory that was left.
  private mutating func leave() throws(FileError) {
    let left = levels.removeLast()
    let above = unsafe openat(current, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard above >= 0 else { throw FileError("opening", path) }
    close(current)
    current = above
    let status = try status()
    let expected = levels[levels.count - 1]
    // Somebody moved it meanwhile: what is above now is not ours to remove.
    guard status.st_dev == expected.device, status.st_ino == expected.inode else {
      throw FileError("removal", path, EBUSY)
    }
    if unsafe unlinkat(current, left.name, AT_REMOVEDIR) != 0 && errno != ENOENT { note(FileError("removal", path)) }
  }

  /// Opens a directory of the open one, and gives its owner all permissions.
  private func openDirectory(_ name: [CChar]) throws(FileError) -> Int32 {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var child = unsafe openat(current, name, flags)
    if child < 0, errno == EACCES, unsafe fchmodat(current, name, 0o700, AT_SYMLINK_NOFOLLOW) == 0 {
      child = unsafe openat(current, name, flags)
    }
    guard child >= 0 else { throw FileError("opening", path) }
    // Fails where it belongs to somebody else: then removing says so.
    _ = fchmod(child, 0o700)
    return child
  }

  private func status() throws(FileError) -> stat {
    var status = stat()
    guard unsafe fstat(current, &status) == 0 else { throw FileError("stat", path) }
    return status
  }

  private mutating func note(_ error: FileError) {
    if failure == nil { failure = error }
  }
}
