import Foundation
import ObjectStorage

/// Another process.
final class Program: Sendable {
  struct Failed: Error {
    let command: [String]
    let status: Int32
  }

  private let command: [String]
  private let process: Process
  private let pipe = Pipe()
  /// All that was read. What arrives at one time may end in the middle of a line.
  private let text = Locked(Data())
  /// Reading from a process blocks.
  private let queue = DispatchQueue(label: "program")

  init(_ command: [String]) throws {
    self.command = command
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    try process.run()
  }

  /// The probe, which is built beside the tests.
  static func probe(_ arguments: String...) throws -> Program {
    let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try Program([URL(fileURLWithPath: folder).deletingLastPathComponent().path + "/object-probe"] + arguments)
  }

  /// Waits until it has written so many lines.
  func wait(forLines count: Int) async throws {
    try await blocking { [text] file in
      while text.withLock({ $0.count(where: { $0 == 10 }) }) < count {
        let more = file.availableData
        if more.isEmpty { break }
        text.withLock { $0 += more }
      }
    }
  }

  /// Kills it, and waits for its end.
  ///
  /// - Returns: the lines that it has written.
  func kill() async throws -> [String] {
    Foundation.kill(process.processIdentifier, SIGKILL)
    let rest = try await blocking { try $0.readToEnd() ?? Data() }
    process.waitUntilExit()
    let all = text.withLock { $0 } + rest
    return String(decoding: all, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Waits for its end.
  func output() async throws -> String {
    let output = try await blocking { try $0.readToEnd() ?? Data() }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(command: command, status: process.terminationStatus) }
    return String(decoding: output, as: UTF8.self)
  }

  private func blocking<Value: Sendable>(_ work: @escaping @Sendable (FileHandle) throws -> Value) async throws -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [pipe] in continuation.resume(with: Result { try work(pipe.fileHandleForReading) }) }
    }
  }
}
