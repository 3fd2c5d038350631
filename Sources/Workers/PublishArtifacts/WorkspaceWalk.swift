import Foundation
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
  /// - Throws: what made a directory unreadable.
  init(_ root: String, for globs: [Glob]) throws {
    self.root = root
    self.globs = globs
    matched = Array(repeating: false, count: globs.count)
    try visit("")
  }

  private mutating func visit(_ directory: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(directory)").sorted() {
      let path = directory.isEmpty ? name : "\(directory)/\(name)"
      var status = stat()
      guard unsafe lstat("\(root)/\(path)", &status) == 0 else {
        // The name is no text, so that it was not found under what was made of it.
        others.append("\(path): its name is not UTF-8")
        continue
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        try visit(path)
      } else {
        consider(path, status.st_mode)
      }
    }
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
