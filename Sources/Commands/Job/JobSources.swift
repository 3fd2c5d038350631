import Foundation
import Model

/// The texts of job files that a command line names: files, folders of them, and `-` for the standard input.
enum JobSources {
  struct Source: Sendable {
    /// What to call it in diagnostics.
    var file: String
    var text: [UInt8]
  }

  /// - Throws: ``CommandFailure`` with `file`.
  static func read(_ names: [String]) async throws -> [Source] {
    try await BlockingQueue.run {
      try names.flatMap(files).map { name in Source(file: name == "-" ? "<stdin>" : name, text: try text(of: name)) }
    }
  }

  /// The job files of a folder in the order of their names; schemas stand beside them and are none.
  private static func files(_ name: String) throws -> [String] {
    guard name != "-", LocalPath.isFolder(name) else { return [name] }
    let entries = try failing(name) { try FileManager.default.contentsOfDirectory(atPath: name) }
    let jobs = entries.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") && !$0.hasPrefix(".") }.sorted()
    guard !jobs.isEmpty else {
      throw CommandFailure(.file, "the folder \(name.quoted) holds no job files", remedy: "job files end in .json")
    }
    return jobs.map { LocalPath.join(name, $0) }
  }

  private static func text(of name: String) throws -> [UInt8] {
    try failing(name) {
      let handle = name == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: name))
      var text: [UInt8] = []
      // One byte more than a job may have, so that the parser reports the size.
      while text.count <= JobLimits.bytes, let part = try handle.read(upToCount: JobLimits.bytes + 1 - text.count),
        !part.isEmpty
      {
        text += part
      }
      return text
    }
  }

  private static func failing<Value>(_ name: String, _ work: () throws -> Value) throws(CommandFailure) -> Value {
    do {
      return try work()
    } catch {
      throw CommandFailure(
        .file, "\(name.quoted) cannot be read: \(error.localizedDescription)", remedy: "name a job file, a folder or -")
    }
  }
}
