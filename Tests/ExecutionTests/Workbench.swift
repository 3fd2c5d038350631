import Execution
import Foundation
import Synchronization
import Testing

/// A directory to run commands in, and a mark in their environment by which everything that they start is found again.
final class Workbench: Sendable {
  let directory: String
  let mark: String
  let runner: CommandRunner
  private let text = Mutex<[UInt8]>([])

  init(clock: any Clock<Duration> = ContinuousClock()) throws {
    mark = "DISTCI_TEST_MARK=\(UUID().uuidString)"
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    runner = CommandRunner(runner: try RunnerLocation.find(), clock: clock)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// What was written so far.
  var output: String { String(decoding: bytes, as: UTF8.self) }
  var bytes: [UInt8] { text.withLock { $0 } }

  /// A shell script as a command.
  func script(_ script: String, environment: [String: String] = [:]) -> Command {
    let parts = mark.split(separator: "=").map(String.init)
    let base = ["PATH": "/usr/bin:/bin", parts[0]: parts[1]]
    return Command(
      arguments: ["/bin/sh", "-c", script],
      environment: base.merging(environment) { $1 },
      workingDirectory: directory
    )
  }

  /// Runs a command and keeps what it writes.
  @discardableResult
  func run(_ command: Command, limits: Limits = Limits()) async throws -> Completion {
    try await runner.run(command, limits: limits) { chunk in
      self.text.withLock { $0.append(contentsOf: chunk) }
    }
  }

  /// Runs a script and keeps what it writes.
  @discardableResult
  func run(_ script: String, limits: Limits = Limits()) async throws -> Completion {
    try await run(self.script(script), limits: limits)
  }

  /// Waits until the command has written this.
  func hasWritten(_ part: String) async throws {
    try await eventually("the command writes '\(part)'") { output.contains(part) }
  }

  /// Makes a pipe with a name, so that a script can wait for a test: `read line < NAME`.
  func gate(_ name: String) throws -> Gate {
    try Gate(path: directory + "/" + name)
  }

  /// The processes that a command of this bench started and that still run.
  func survivors() throws -> [Int32] {
    let wanted = Array(mark.utf8)
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { pid in
      guard let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else { return false }
      return environment.split(separator: 0).contains { Array($0) == wanted }
    }
  }
}
