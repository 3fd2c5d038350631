import Coordination
import Foundation
import Glibc
import Synchronization

/// A `store-probe` process: told what to do line by line, and killed without warning.
final class Probe: Sendable {
  let session: SessionID
  private let process: Int32
  private let input: FileHandle
  private let output: LineReader
  private let handle: Mutex<Process>

  /// Starts it, and waits for its session.
  init(url: String) async throws {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = try Self.executable()
    process.arguments = [url]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    self.process = process.processIdentifier
    self.input = input.fileHandleForWriting
    self.output = LineReader(output.fileHandleForReading)
    handle = Mutex(process)
    let words = try await self.output.next().split(separator: " ")
    guard words.first == "session", let id = words.last.flatMap({ Int64($0) }) else {
      throw UnexpectedAnswer(text: words.joined(separator: " "))
    }
    session = SessionID(rawValue: id)
  }

  /// Sends a command.
  func start(_ command: String) throws {
    try input.write(contentsOf: Data("\(command)\n".utf8))
  }

  /// Sends a command, and answers with what it answers.
  func tell(_ command: String) async throws -> String {
    try start(command)
    return try await output.next()
  }

  /// Sends a command that must succeed.
  func must(_ command: String) async throws {
    let answer = try await tell(command)
    guard answer == "ok" else { throw UnexpectedAnswer(text: answer) }
  }

  /// As by `kill -9`.
  func kill() {
    let isRunning = handle.withLock { $0.isRunning }
    if isRunning { Glibc.kill(process, SIGKILL) }
  }

  /// Returns when the process is gone, with all that it held.
  func exited() async throws {
    do {
      while true { _ = try await output.next() }
    } catch is LineReader.EndOfOutput {
      handle.withLock { $0.waitUntilExit() }
    }
  }

  struct UnexpectedAnswer: Error {
    var text: String
  }

  /// The build puts it beside the tests.
  private static func executable() throws -> URL {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("store-probe")
  }
}
