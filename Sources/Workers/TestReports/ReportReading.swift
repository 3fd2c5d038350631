import Glibc
import Model

/// Reads the test reports in a workspace that a command has written. Blocks: for ``BlockingCalls``.
struct ReportReading {
  private(set) var cases: [ReportedCase] = []
  /// What could not be read, and why.
  private(set) var notes: [String] = []
  /// How many reports were read.
  private(set) var files = 0

  private var bytes = 0
  private static let pieceSize = 256 << 10

  /// - Parameter known: reports that were there before, and are left out unless they have been written since.
  init(_ root: String, _ globs: [Glob], _ known: [String: FileMark]) {
    guard !globs.isEmpty else { return }
    let walk: WorkspaceWalk
    do {
      walk = try WorkspaceWalk(root, for: globs)
    } catch {
      notes.append((error as? TaskFailure)?.message ?? "\(error)")
      return
    }
    let written = walk.files.map(\.path).filter { path in
      known[path] == nil || known[path] != FileMark("\(root)/\(path)")
    }
    notes += walk.others
    if written.isEmpty {
      notes.append("no file was written that matches \(globs.map(\.pattern).joined(separator: ", "))")
    }
    if written.count > TestLimits.reports {
      notes.append("\(written.count) files match, of which the first \(TestLimits.reports) are read")
    }
    for path in written.prefix(TestLimits.reports) { take(path, in: root) }
    if cases.count >= TestLimits.results { notes.append("the first \(cases.count) results are kept") }
  }

  /// The reports that are there.
  static func marks(_ root: String, _ globs: [Glob]) throws -> [String: FileMark] {
    let walk = try WorkspaceWalk(root, for: globs)
    // Names that differ only in how they compose their accents are one string.
    return Dictionary(walk.files.map { ($0.path, FileMark("\(root)/\($0.path)")) }) { first, _ in first }
  }

  private mutating func take(_ path: String, in root: String) {
    do {
      let text = try read("\(root)/\(path)")
      cases += try JUnitReader.cases(in: text, atMost: TestLimits.results - cases.count)
      files += 1
    } catch let error as ReportError {
      notes.append("\(path) is not read: \(error.message)")
    } catch {
      notes.append("\(path) is not read: \(error)")
    }
  }

  private mutating func read(_ path: String) throws -> [UInt8] {
    let file = try OpenFile(reading: path)
    let limit = min(TestLimits.reportBytes, TestLimits.allReportBytes - bytes)
    var text: [UInt8] = []
    while text.count <= limit {
      let piece = try file.read(Self.pieceSize)
      text += piece
      if piece.count < Self.pieceSize { break }
    }
    guard text.count <= limit else {
      throw ReportError(
        "it is larger than \(TestLimits.reportBytes >> 20) MiB, or all of them are larger than "
          + "\(TestLimits.allReportBytes >> 20) MiB")
    }
    bytes += text.count
    return text
  }
}

/// Tells whether a file has been written in the meantime.
struct FileMark: Hashable, Sendable {
  private var inode: UInt64 = 0
  private var seconds = 0
  private var nanoseconds = 0
  private var size: Int64 = 0

  init(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    inode = UInt64(status.st_ino)
    // When its content or anything else about it changed: no program can set that back.
    seconds = status.st_ctim.tv_sec
    nanoseconds = status.st_ctim.tv_nsec
    size = Int64(status.st_size)
  }
}
