import Subprocess

/// The archiver did not do what it was asked.
struct ArchiveError: Error, CustomStringConvertible {
  let description: String

  /// - Parameter messages: the end of what it said.
  init(_ what: String, _ status: TerminationStatus, _ messages: [UInt8]) {
    let said = String(decoding: messages, as: UTF8.self)
    description =
      "an archive of the workspace could not be \(what): bsdtar ended with \(status) and said: "
      + said.split(whereSeparator: \.isNewline).suffix(5).joined(separator: "; ")
  }
}
