import Glibc
import Model

/// Looks for files of a workspace by their paths. Never follows a symbolic link. Blocks: for ``BlockingCalls``.
struct WorkspaceWalk {
  /// A regular file.
  struct Found: Hashable, Sendable {
    /// Relative to the workspace.
    var path: String
    /// Permission bits.
    var mode: Int
  }

  private(set) var files: [Found] = []
  /// What matches and is no regular file, with what it is.
  private(set) var others: [String] = []
  /// For each glob, whether it matched a file.
  private(set) var matched: [Bool]

  private let root: String
  private let globs: [Glob]

  /// Walks through all of it, in the order of names.
  ///
  /// - Throws: ``TaskFailure`` when a directory cannot be read, or lies deeper than paths reach.
  init(_ root: String, for globs: [Glob]) throws {
    self.root = root
    self.globs = globs
    matched = Array(repeating: false, count: globs.count)
    try visit("")
  }

  private mutating func visit(_ directory: String) throws {
    for bytes in try names(in: directory) {
      guard let name = String(validating: bytes, as: UTF8.self) else {
        others.append("\(directory)/\(String(decoding: bytes, as: UTF8.self)): its name is not UTF-8")
        continue
      }
      let path = directory.isEmpty ? name : "\(directory)/\(name)"
      var status = stat()
      guard unsafe lstat("\(root)/\(path)", &status) == 0 else { throw failure(FileError("stat", path)) }
      if status.st_mode & S_IFMT == S_IFDIR {
        try visit(path)
      } else {
        consider(path, status.st_mode)
      }
    }
  }

  private func names(in directory: String) throws -> [[UInt8]] {
    do throws(FileError) {
      return try FilePaths.names(in: "\(root)/\(directory)")
    } catch {
      throw failure(FileError(error.call, directory, error.number))
    }
  }

  private func failure(_ error: FileError) -> TaskFailure {
    TaskFailure("the workspace cannot be searched: \(error)")
  }

  private mutating func consider(_ path: String, _ mode: mode_t) {
    let matching = globs.indices.filter { globs[$0].matches(path) }
    guard !matching.isEmpty else { return }
    guard mode & S_IFMT == S_IFREG else {
      others.append("\(path): \(mode & S_IFMT == S_IFLNK ? "a symbolic link" : "not a regular file")")
      return
    }
    for index in matching { matched[index] = true }
    files.append(Found(path: path, mode: Int(mode & 0o7777)))
  }
}
