import Glibc

/// Calls on paths that block: for ``BlockingCalls``.
enum FilePaths {
  /// The absolute path without symbolic links; `nil` when there is nothing.
  static func resolved(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Makes a directory for this user alone, and those above it where they are missing.
  static func makeDirectory(_ path: String, mode: mode_t = 0o700) throws {
    if isDirectory(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectory(String(path[..<slash])) }
    guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw FileError("creation", path) }
  }

  /// Removes a tree, also where a command took away its own permissions. Never follows a symbolic link.
  ///
  /// - Throws: ``FileError``.
  static func removeTree(_ path: String) throws(FileError) {
    try TreeRemoval.remove(path)
  }

  /// The names in a directory, in the order of their bytes, which need not be text.
  ///
  /// - Throws: ``FileError``.
  static func names(in directory: String) throws(FileError) -> [[UInt8]] {
    let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("opening", directory) }
    defer { close(descriptor) }
    let entries = try DirectoryEntries(descriptor, path: directory)
    let names = (entries.directories + entries.others).map { $0.dropLast().map { UInt8(bitPattern: $0) } }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
