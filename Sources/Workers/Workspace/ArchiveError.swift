import Subprocess

/// The archiver did not do what it was asked.
struct ArchiveError: Error, CustomStringConvertible {
  let description: String
  /// Whether a file was to go where a directory with something in it is.
  let isConflict: Bool

  /// - Parameter messages: the end of what it said.
  init(_ what: String, _ status: TerminationStatus, _ messages: [UInt8]) {
    let said = String(decoding: messages, as: UTF8.self)
    isConflict = said.contains("Directory not empty")
    description =
      "an archive of the workspace could not be \(what): bsdtar ended with \(status) and said: "
      + said.split(whereSeparator: \.isNewline).suffix(5).joined(separator: "; ")
  }
}
