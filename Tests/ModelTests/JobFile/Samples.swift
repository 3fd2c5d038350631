import Foundation

@testable import Model

/// The job files that the repository ships.
enum Samples {
  static let names = [
    "application", "check-style", "check-tests", "deploy", "distci", "generate", "kept", "library", "matrix",
    "nightly", "promote", "proposals", "split", "watch",
  ]

  static func bytes(_ file: String) throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: root.appending(path: "jobs/\(file)")))
  }

  static func job(_ name: String) throws -> Job {
    try JobFile.parse(try bytes("\(name).json"), file: "\(name).json")
  }
}

extension JobFile {
  static func parse(_ text: String) throws(InvalidJobFile) -> Job {
    try parse(Array(text.utf8), file: "job.json")
  }

  static func diagnostics(_ text: String) -> [Diagnostic] {
    do throws(InvalidJobFile) {
      _ = try parse(text)
      return []
    } catch {
      return error.diagnostics
    }
  }
}
