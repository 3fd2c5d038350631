import Foundation
import Glibc
import Model

/// The texts of job files that a command line names: files, folders of them, and `-` for the standard input.
enum JobSources {
  struct Source: Sendable {
    /// What to call it in diagnostics.
    var file: String
    var text: [UInt8]
  }

  /// Bytes of all of them together.
  static let mostBytes = 64 << 20

  /// - Throws: ``CommandFailure`` with `file`.
  static func read(_ names: [String]) async throws -> [Source] {
    try await BlockingQueue.run {
      var sources: [Source] = []
      var room = mostBytes
      for name in try names.flatMap(files) {
        let source = Source(file: name == "-" ? "<stdin>" : name, text: try text(of: name))
        room -= source.text.count
        guard room >= 0 else {
          throw CommandFailure(
            .file, "the job files are larger than \(mostBytes >> 20) MiB together", remedy: "name fewer at a time")
        }
        sources.append(source)
      }
      return sources
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
      let handle = name == "-" ? FileHandle.standardInput : try opened(name)
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

  /// Never waits for somebody to write: a pipe that nobody has open is empty.
  private static func opened(_ name: String) throws -> FileHandle {
    let descriptor = unsafe open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    // Somebody who has it open may still think about what to write.
    _ = fcntl(descriptor, F_SETFL, 0)
    return handle
  }

  private static func failing<Value>(_ name: String, _ work: () throws -> Value) throws(CommandFailure) -> Value {
    do {
      return try work()
    } catch {
      // Foundation would begin with "The operation could not be completed".
      let reason = (error as? POSIXError).map { unsafe String(cString: strerror($0.code.rawValue)) }
      throw CommandFailure(
        .file, "\(name.quoted) cannot be read: \(reason ?? error.localizedDescription)",
        remedy: "name a job file, a folder or -")
    }
  }
}
