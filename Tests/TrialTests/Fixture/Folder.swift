import Foundation

/// The folder of one trial: what its processes keep on disk, what they write, and the gates of its scripts.
struct Folder: Sendable {
  let path: String

  init(_ name: String) throws {
    path = "/tmp/distci-trial-\(name)"
    for part in ["", "/transcripts", "/gates"] {
      try FileManager.default.createDirectory(atPath: path + part, withIntermediateDirectories: true)
    }
  }

  var data: String { path + "/data" }
  var gates: String { path + "/gates" }

  func transcript(_ number: Int) -> String { "\(path)/transcripts/\(number)" }

  func contents(_ relative: String) -> String? {
    FileManager.default.contents(atPath: "\(path)/\(relative)").map { String(decoding: $0, as: UTF8.self) }
  }

  func write(_ text: String, to relative: String) throws {
    try text.write(toFile: "\(path)/\(relative)", atomically: true, encoding: .utf8)
  }

  func remove() throws { try FileManager.default.removeItem(atPath: path) }
}
