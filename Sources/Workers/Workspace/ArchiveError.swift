import Subprocess

/// The archiver did not do what it was asked.
struct ArchiveError: Error, CustomStringConvertible {
  let description: String
  /// Whether a file was to go where a directory with something in it is.
  let isConflict: Bool
  /// Whether the archiver ended by itself, having met files that it could not read; not killed, and not short of anything.
  let isOfFiles: Bool

  /// - Parameter messages: the end of what it said.
  init(_ what: String, _ status: TerminationStatus, _ messages: [UInt8]) {
    let said = String(decoding: messages, as: UTF8.self)
    isConflict = said.contains("Directory not empty")
    isOfFiles = status == .exited(1) && !Self.shortages.contains { said.contains($0) }
    description =
      "an archive of the workspace could not be \(what): bsdtar ended with \(status) and said: "
      + said.split(whereSeparator: \.isNewline).suffix(5).map { $0.prefix(300) }.joined(separator: "; ")
  }

  /// What this machine lacks, and another attempt may find.
  private static let shortages = [
    "No space left on device", "Cannot allocate memory", "Out of memory", "Too many open files", "Input/output error",
    "Disk quota exceeded", "Write error",
  ]
}
