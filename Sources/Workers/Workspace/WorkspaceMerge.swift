import Glibc
import Model

/// Puts the files of one workspace over those of another that was made beside it: a merge of three, whose base is what
/// both started from. Blocks: for ``BlockingCalls``.
///
/// What only one of the two has changed is taken from it. What both wrote, and differently, is a mistake of the job. A file
/// that one of them removed and the other left alone stays.
struct WorkspaceMerge {
  /// A path that both wrote differently.
  struct Clash: Error, Hashable {
    /// Relative to the workspace.
    let path: String
  }

  /// What is there at a path, as far as it matters.
  private enum Entry: Hashable {
    case nothing, directory
    case file(size: Int64, mode: mode_t)
    case link([CChar])
    case other(mode_t)
  }

  /// Absolute: the folder that the files come to.
  private let target: String
  private let source: String
  /// Paths that are in both and differ.
  private(set) var differing: [[CChar]] = []

  /// Moves what the target does not have.
  ///
  /// - Throws: ``FileError``.
  init(moving source: String, into target: String) throws {
    self.source = source
    self.target = target
    try move([])
  }

  /// Decides what differs.
  ///
  /// - Parameter base: what both started from.
  /// - Throws: ``Clash``; ``FileError``.
  func settle(against base: String) throws {
    for path in differing {
      if try isSame(path, target, base) {
        try replace(path)
      } else if try !isSame(path, source, base) {
        throw Clash(path: String(decoding: path.map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
    }
  }

  private mutating func move(_ directory: [CChar]) throws {
    let text = Self.absolute(source, directory)
    for name in try FilePaths.names(in: String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    {
      let path = directory + (directory.isEmpty ? [] : [0x2F]) + name.map { CChar(bitPattern: $0) }
      switch (try entry(source, path), try entry(target, path)) {
      case (_, .nothing): try rename(path)
      case (.directory, .directory): try move(path)
      default: if try !isSame(path, source, target) { differing.append(path) }
      }
    }
  }

  private func rename(_ path: [CChar]) throws {
    guard unsafe Glibc.rename(Self.absolute(source, path), Self.absolute(target, path)) == 0 else {
      throw FileError("renaming", String(decoding: path.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  }

  /// A directory gives way to nothing but a directory.
  private func replace(_ path: [CChar]) throws {
    if try entry(target, path) == .directory || entry(source, path) == .directory {
      throw Clash(path: String(decoding: path.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    try rename(path)
  }

  private func isSame(_ path: [CChar], _ left: String, _ right: String) throws -> Bool {
    let (first, second) = (try entry(left, path), try entry(right, path))
    guard first == second else { return false }
    guard case .file = first else { return true }
    return try SameContent.of(Self.absolute(left, path), Self.absolute(right, path))
  }

  private func entry(_ root: String, _ path: [CChar]) throws -> Entry {
    var status = stat()
    let absolute = Self.absolute(root, path)
    guard unsafe lstat(absolute, &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw FileError("stat", root) }
      return .nothing
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory
    case S_IFREG: return .file(size: Int64(status.st_size), mode: status.st_mode & 0o7777)
    case S_IFLNK:
      var target = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = unsafe readlink(absolute, &target, target.count)
      guard length >= 0 else { throw FileError("reading", root) }
      return .link(Array(target.prefix(length)))
    default: return .other(status.st_mode & S_IFMT)
    }
  }

  /// With its zero at the end.
  private static func absolute(_ root: String, _ path: [CChar]) -> [CChar] {
    root.utf8.map { CChar(bitPattern: $0) } + (path.isEmpty ? [] : [0x2F]) + path + [0]
  }
}

/// Compares two regular files of the same size.
enum SameContent {
  private static let chunkSize = 1 << 18

  static func of(_ left: [CChar], _ right: [CChar]) throws -> Bool {
    let (first, second) = (try OpenFile(reading: left), try OpenFile(reading: right))
    while true {
      let (one, other) = (try first.read(chunkSize), try second.read(chunkSize))
      guard one == other else { return false }
      if one.isEmpty { return true }
    }
  }
}
