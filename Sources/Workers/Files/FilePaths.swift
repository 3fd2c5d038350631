import Foundation
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

  /// Makes a directory for this user alone, and those above it where they are missing.
  static func makeDirectory(_ path: String, mode: mode_t = 0o700) throws {
    if isDirectory(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectory(String(path[..<slash])) }
    guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw FileError("creation", path) }
  }

  /// Removes a tree, also where a command took away its own permissions. Never follows a symbolic link.
  static func removeTree(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) || isLink(path) else { return }
    if (try? FileManager.default.removeItem(atPath: path)) != nil { return }
    openUp(path)
    try FileManager.default.removeItem(atPath: path)
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func openUp(_ directory: String) {
    guard !isLink(directory), isDirectory(directory) else { return }
    _ = unsafe chmod(directory, 0o700)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
      openUp("\(directory)/\(name)")
    }
  }
}
